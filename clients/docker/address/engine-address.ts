import { usageError } from '../../../lib/errors.js';

/** Which engine a command uses, and how it is reached. */
export interface EngineAddress {
  /** In the form of `DOCKER_HOST`, complete: `unix:///run/docker.sock`, `tcp://host:2376`, `ssh://host`. */
  readonly host: string;
  /** What names it, such as `DOCKER_CONTEXT=work`. */
  readonly from: string;
  /** @default - without TLS */
  readonly tls?: EngineTls;
}

/** Files with which a TCP connection is encrypted. */
export interface EngineTls {
  /** Directory with `ca.pem`, `cert.pem` and `key.pem`, as far as they exist. */
  readonly directory: string;
  readonly files: readonly TlsFile[];
  /** Whether the engine's certificate is verified. */
  readonly isVerified: boolean;
}

/** The three files that docker knows. */
export const TLS_FILES = ['ca.pem', 'cert.pem', 'key.pem'] as const;
export type TlsFile = (typeof TLS_FILES)[number];

/** Longest part of a user's value that an error shows. */
const LONGEST_VALUE = 120;

/** A user's value in an error: short, and without the password of a URL. */
export function shownValue(value: string): string {
  const safe = value.replace(/(:\/\/[^/@:]*):[^@/]*@/, '$1:[secret]@');
  return safe.length > LONGEST_VALUE ? `${safe.slice(0, LONGEST_VALUE)}…` : safe;
}

/** Docker's configuration is unusable. @param path the variable or file that has to change */
export const misconfigured = (path: string, message: string, hint: string) =>
  usageError('engine-misconfigured', { path, message, hint });

/** How an error ends that a variable causes. */
export const correctOrUnset = (name: string) =>
  `Correct ${name}, or unset it to use docker's current context.`;
