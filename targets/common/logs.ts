import type { ClusterContext } from '../context.js';

/** Which part of a log to read. */
export interface LogRange {
  readonly follow: boolean;
  /** In the engine's form. @default - from its beginning */
  readonly since: string | undefined;
  readonly tail: number | 'all';
}

/** Some bytes of a log. */
export interface LogPiece {
  /** Role of the container, with a number where it has several; or a log of the target. */
  readonly source: string;
  /** `null`: the log does not say. */
  readonly stream: 'stdout' | 'stderr' | null;
  /** When it was written, RFC 3339; `null`: the log does not say. */
  readonly time: string | null;
  readonly bytes: Uint8Array;
}

/** A log that a target has beside those of containers. */
export interface TargetLog {
  /** What `clusterkit logs` calls it. */
  readonly name: string;
  /** Why clusters on other targets lack it: goes on after `cluster NAME`. */
  readonly absence: string;
  /** Lines carry no time, so `--since` cannot be used. */
  readonly hasNoTimes: boolean;
  /** Reads the log; with `follow` until `signal`. */
  read(
    context: ClusterContext,
    range: LogRange,
    write: (piece: LogPiece) => Promise<void>,
  ): Promise<void>;
}
