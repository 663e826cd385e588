import type { Secret } from '../../lib/secret.js';

/**
 * How a prisma.yml names its target. `cluster`: by `service`, `stage` and perhaps `cluster`, for CLIs up to
 * 1.11. `endpoint`: by `endpoint`, for CLIs from 1.7 on. `bare`: not at all; CLIs from 1.7 on use
 * `PRISMA_MANAGEMENT_API_ENDPOINT`.
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

/** A service, as read from prisma.yml. */
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
  /** The datamodel that the CLI sends: all files, each followed by a line break. */
  readonly types: string;
  /** Secrets of the service's API; without one, it needs no authentication. */
  readonly secrets: readonly Secret[];
  /** Environment variables in the file. */
  readonly variables: readonly string[];
  /** The whole file, as parsed: what `${self:…}` refers to. */
  readonly root: unknown;
  /** Flags in the file (`${opt:stage}`). */
  readonly flags: readonly string[];
}
