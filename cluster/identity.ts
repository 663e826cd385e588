import { randomUUID } from 'node:crypto';
import { rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { atomicWrite } from '../lib/atomic-write.js';
import { usageError } from '../lib/errors.js';
import { makeDirectory } from '../lib/make-directory.js';
import { guard, readIfThere } from './keys/key-files.js';

/** What a cluster is known by, wherever its directory is: see `docs/decisions/identity.md`. */
export interface ClusterIdentity {
  /** Random; a label or tag on its objects, and in the record of its registry entry. */
  readonly id: string;
  /** State directory in which it was made. Never changes: labels and stage inputs have it. */
  readonly origin: string;
  /** State directory of the last `up`. */
  readonly place: string;
}

/** A new identity of a cluster made in `stateDir`. */
export const newIdentity = (stateDir: string): ClusterIdentity => ({
  id: randomUUID(),
  origin: stateDir,
  place: stateDir,
});

const fileOf = (stateDir: string, cluster: string) =>
  join(stateDir, 'identities', `${cluster}.json`);

/**
 * The identity of a cluster, or `undefined` when this directory has none.
 * @throws KitError `identity-damaged` (exit 2)
 */
export async function readIdentity(
  stateDir: string,
  cluster: string,
): Promise<ClusterIdentity | undefined> {
  const path = fileOf(stateDir, cluster);
  const text = await guard(path, () => readIfThere(path));
  if (text === undefined) return undefined;
  try {
    const { id, origin, place } = JSON.parse(text) as Partial<ClusterIdentity>;
    if (isText(id) && isText(origin) && isText(place)) return { id, origin, place };
  } catch (error) {
    if (!(error instanceof SyntaxError) && !(error instanceof TypeError)) throw error;
  }
  throw usageError('identity-damaged', {
    path,
    message: 'the file does not have the identity of the cluster',
    hint: "Restore it; or delete it: Terraform's state shows the identity of a cluster that exists.",
  });
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/**
 * Stores an identity, 0600. When several processes make one at once, the first to link the file wins.
 * @returns the stored one
 */
export async function keepIdentity(
  stateDir: string,
  cluster: string,
  { id, origin }: Pick<ClusterIdentity, 'id' | 'origin'>,
): Promise<ClusterIdentity> {
  const path = fileOf(stateDir, cluster);
  const write = (identity: ClusterIdentity, onlyIfAbsent: boolean) =>
    atomicWrite(path, `${JSON.stringify(identity)}\n`, { mode: 0o600, onlyIfAbsent });
  await guard(path, async () => {
    await makeDirectory(dirname(path));
    await write({ id, origin, place: stateDir }, true);
  });
  const kept = await readIdentity(stateDir, cluster);
  if (kept === undefined) throw new Error(`${path} vanished while it was read`);
  const here = { ...kept, place: stateDir };
  if (kept.place !== stateDir) await guard(path, () => write(here, false));
  return here;
}

/** Removes the identity, when nothing of the cluster is left. */
export async function removeIdentity(stateDir: string, cluster: string): Promise<void> {
  await rm(fileOf(stateDir, cluster), { force: true });
}

/** State directory and cluster of a key store. */
export const clusterOfKeys = (keyDirectory: string) => ({
  stateDir: dirname(dirname(keyDirectory)),
  cluster: basename(keyDirectory),
});

/** Do two paths lead to one directory, such as over a link or a mount? */
export async function isSameDirectory(one: string, other: string): Promise<boolean> {
  if (one === other) return true;
  const [a, b] = await Promise.all(
    [one, other].map((path) => stat(path, { bigint: true }).catch(() => undefined)),
  );
  return a !== undefined && a.ino === b?.ino && a.dev === b.dev;
}
