import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { environmentError, type KitError } from '../../../lib/errors.js';
import { NO_STATE, STATE_FORMAT, type State, stateDocument } from './state.js';

/** A state file as it was found. */
export type StateFile =
  /** No file, or an empty one, which Terraform treats alike. */
  | { readonly kind: 'absent' }
  /** The file is not a state that the kit understands; `error` says what to do. */
  | { readonly kind: 'unreadable'; readonly error: KitError }
  | { readonly kind: 'parsed'; readonly state: State };

/** Terraform empties the file before it writes: an incomplete file may be complete in a moment. */
const LOOKS = 10;
const PAUSE_MS = 50;

/**
 * Reads a state file. Never fails: the caller decides with {@link requireState} or {@link
 * knownState} whether an unreadable file matters.
 *
 * @param pauseMs between reads of an empty or incomplete file. @default 50; up to ten reads
 */
export async function readState(path: string, pauseMs = PAUSE_MS): Promise<StateFile> {
  for (let looks = 1; ; looks++) {
    const { found, mayGrow } = await look(path);
    if (!mayGrow || looks === LOOKS) return found;
    await sleep(pauseMs);
  }
}

/**
 * The state in a file; an empty state when there is none.
 * @throws KitError `state-unreadable` (exit 3)
 */
export function requireState(file: StateFile): State {
  if (file.kind === 'unreadable') throw file.error;
  return file.kind === 'absent' ? NO_STATE : file.state;
}

/**
 * Like {@link requireState}, but `undefined` for an unreadable file: then nothing is known, not
 * even that there is nothing.
 */
export const knownState = (file: StateFile): State | undefined =>
  file.kind === 'unreadable' ? undefined : requireState(file);

interface Look {
  readonly found: StateFile;
  readonly mayGrow: boolean;
}

async function look(path: string): Promise<Look> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    const { code = String(cause) } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { found: { kind: 'absent' }, mayGrow: false };
    const hint = 'Make it a file that you can read and write.';
    return unreadable({ path, message: `cannot be read: ${code}`, hint }, cause);
  }
  if (text === '') return { found: { kind: 'absent' }, mayGrow: true };
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    return unreadable(damaged(path, 'it is not valid JSON, and may be incomplete'), cause, true);
  }
  const { data: state, error } = stateDocument.safeParse(document);
  if (state !== undefined) return { found: { kind: 'parsed', state }, mayGrow: false };
  return unreadable(damaged(path, whyNot(document, error)), error);
}

function whyNot(document: unknown, { issues: [issue] }: z.ZodError): string {
  const place = issue?.path.join('.');
  if (place === '') return 'it is not a JSON object';
  if (place !== 'version') return `${place}: ${issue?.message}`;
  const { version } = document as { version?: unknown };
  if (typeof version !== 'number') return 'it has no format version';
  return `it has format ${version}, and clusterkit knows format ${STATE_FORMAT}`;
}

const unreadable = (
  problem: { path: string; message: string; hint: string },
  cause: unknown,
  mayGrow = false,
): Look => ({
  found: { kind: 'unreadable', error: environmentError('state-unreadable', { ...problem, cause }) },
  mayGrow,
});

const damaged = (path: string, what: string) => ({
  path,
  message: `Terraform's state cannot be understood: ${what}`,
  hint: `Restore it from a backup (Terraform may have left ${path}.backup); or move it away: up and down find existing objects without it.`,
});
