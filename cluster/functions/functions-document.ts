import { createHash } from 'node:crypto';

/** What the activator reads: the file {@link FUNCTIONS_FILE} in the volume `apps`. Nothing in it is secret. */
export interface FunctionsDocument {
  /** By the name of the application. */
  readonly functions: Readonly<Record<string, FunctionSpec>>;
}

/** One function and its limits; times in ms. */
export interface FunctionSpec {
  readonly release: string;
  /** Port on which its instances listen. */
  readonly port: number;
  /** Path that answers with less than 400 when an instance can serve. @default - its port accepts connections */
  readonly health?: string | null;
  /** Names of its containers; the first one is woken first, and sleeps last. */
  readonly instances: readonly string[];
  /** Requests of one instance at the same time. */
  readonly concurrency: number;
  /** Requests that may wait; those beyond it are refused with 429. */
  readonly queue: number;
  /** Longest wait of a request. */
  readonly waitMs: number;
  /** Longest time of a request at an instance. */
  readonly timeoutMs: number;
  /** Time without requests after which an instance is frozen. `null`: never. */
  readonly idleMs: number | null;
  /** Time without requests after which an instance is stopped. `null`: never. */
  readonly stopMs: number | null;
  /** Longest time from an instance's start until it can serve. @default 60000 */
  readonly startMs?: number;
}

/** Its name in the volume `apps`. */
export const FUNCTIONS_FILE = 'functions.json';

/** The text of {@link FUNCTIONS_FILE}. */
export const functionsText = (document: FunctionsDocument): string =>
  `${JSON.stringify(document)}\n`;

/** By which the activator and who writes the file know what is in force. */
export const functionsDigest = (text: string): string =>
  createHash('sha256').update(text).digest('hex');
