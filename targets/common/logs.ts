import type { ClusterContext } from '../context.js';

/** The part of a log to read. */
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
  /** `null`: unknown. */
  readonly stream: 'stdout' | 'stderr' | null;
  /** Time of writing, RFC 3339; `null`: unknown. */
  readonly time: string | null;
  readonly bytes: Uint8Array;
}

/** A log of a target, in addition to those of containers. */
export interface TargetLog {
  /** Name for `clusterkit logs`. */
  readonly name: string;
  /** Why clusters on other targets lack it: continues a sentence that starts with `cluster NAME`. */
  readonly absence: string;
  /** Its lines have no times, so `--since` is not possible. */
  readonly hasNoTimes: boolean;
  /** Reads the log; with `follow` until `signal`. */
  read(
    context: ClusterContext,
    range: LogRange,
    write: (piece: LogPiece) => Promise<void>,
  ): Promise<void>;
}
