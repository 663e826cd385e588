import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { environmentError, type KitError } from '../../../lib/errors.js';
import { NO_STATE, STATE_FORMAT, type State, stateDocument } from './state.js';

/** A state file as it was found. */
export type StateFile =
  /** None, or an empty one, which is none for Terraform too. */
  | { readonly kind: 'absent' }
  /** Something is there that is no state, or none that can be understood; `error` says what to do. */
  | { readonly kind: 'unreadable'; readonly error: KitError }
  | { readonly kind: 'parsed'; readonly state: State };

/** Terraform empties the file before it writes: what is cut short may be whole in a moment. */
const LOOKS = 10;
const PAUSE_MS = 50;

/**
 * Reads a state file. Never fails: whether it matters that a file cannot be read is for those to say
 * who ask, with {@link requireState} or {@link knownState}.
 *
 * @param pauseMs between looks at a file that is empty or cut short. @default 50; up to ten looks
 */
export async function readState(path: string, pauseMs = PAUSE_MS): Promise<StateFile> {
  for (let looks = 1; ; looks++) {
    const { found, mayGrow } = await look(path);
    if (!mayGrow || looks === LOOKS) return found;
    await sleep(pauseMs);
  }
}

/**
 * The state that a file tells of; that of nothing where there is none.
 * @throws KitError `state-unreadable` (exit 3)
 */
export function requireState(file: StateFile): State {
  if (file.kind === 'unreadable') throw file.error;
  return file.kind === 'absent' ? NO_STATE : file.state;
}

/**
 * Like {@link requireState}, but `undefined` where a file cannot be read: then nothing is known, not
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
    const hint = 'It has to be a file that you may read and write.';
    return unreadable({ path, message: `cannot be read: ${code}`, hint }, cause);
  }
  if (text === '') return { found: { kind: 'absent' }, mayGrow: true };
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    return unreadable(damaged(path, 'it is no valid JSON, and may be cut short'), cause, true);
  }
  const { data: state, error } = stateDocument.safeParse(document);
  if (state !== undefined) return { found: { kind: 'parsed', state }, mayGrow: false };
  return unreadable(damaged(path, whyNot(document, error)), error);
}

function whyNot(document: unknown, { issues: [issue] }: z.ZodError): string {
  const place = issue?.path.join('.');
  if (place === '') return 'it is no JSON object';
  if (place !== 'version') return `${place}: ${issue?.message}`;
  const { version } = document as { version?: unknown };
  if (typeof version !== 'number') return 'it does not tell the number of its format';
  return `it has format ${version}, and clusterkit knows format ${STATE_FORMAT}`;
}

const unreadable = (
  problem: { path: string; message: string; hint: string },
  cause: unknown,
  mayGrow = false,
): Look => ({
  found: { kind: 'unreadable', error: environmentError('state-unreadable', problem, cause) },
  mayGrow,
});

const damaged = (path: string, what: string) => ({
  path,
  message: `Terraform's state cannot be understood: ${what}`,
  hint: `Bring it back from a backup (Terraform may have left ${path}.backup); or move it away: up and down find what is there without it.`,
});
