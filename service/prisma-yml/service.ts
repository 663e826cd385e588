import type { Secret } from '../../lib/secret.js';

/**
 * How a prisma.yml says where it goes. `cluster`: by `service`, `stage` and perhaps `cluster`, for
 * CLIs up to 1.11. `endpoint`: by `endpoint`, for CLIs from 1.7 on. `bare`: not at all, so that the
 * CLIs from 1.7 on take `PRISMA_MANAGEMENT_API_ENDPOINT`.
 */
export type Form = 'cluster' | 'endpoint' | 'bare';

/** A value of prisma.yml: as written, and with its variables replaced. */
export interface Field {
  readonly raw: string;
  /** `undefined` while a variable has no value. */
  readonly value: string | undefined;
  /** Line in the file, from 1. */
  readonly line: number;
}

/** A prisma.yml, read. */
export interface Service {
  readonly file: string;
  readonly form: Form;
  readonly service: Field | undefined;
  readonly stage: Field | undefined;
  readonly cluster: Field | undefined;
  readonly endpoint: Field | undefined;
  /** The line `# cluster: NAME`. */
  readonly remembered: { readonly name: string; readonly line: number } | undefined;
  /** Paths as written, in order. */
  readonly datamodel: readonly string[];
  /** What the CLI sends: all datamodel files, each with a line break behind it. */
  readonly types: string;
  /** Secrets of the service's own API; none: it is open to everybody. */
  readonly secrets: readonly Secret[];
  /** Environment variables that the file mentions. */
  readonly variables: readonly string[];
  /** All of the file, as parsed: what `${self:…}` refers to. */
  readonly root: unknown;
  /** Flags that the file mentions (`${opt:stage}`). */
  readonly flags: readonly string[];
}
