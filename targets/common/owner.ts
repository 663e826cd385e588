import { access } from 'node:fs/promises';
import { z } from 'zod';
import { knownState, readState } from '../../clients/terraform/state/read-state.js';
import { idsIn, managedIn, type State } from '../../clients/terraform/state/state.js';
import {
  type ClusterIdentity,
  isSameDirectory,
  newIdentity,
  readIdentity,
} from '../../cluster/identity.js';
import { keyDirectory } from '../../cluster/keys/key-directory.js';
import { LABEL } from '../../cluster/names.js';
import type { ObjectOwner } from '../../cluster/objects/own-objects.js';
import { stateFile } from '../../cluster/project.js';
import { type Problem, usageError } from '../../lib/errors.js';
import type { EntryOwner } from '../../registry/file/entry-owner.js';
import { registryFiles } from '../../registry/file/registry-files.js';
import { readShadow } from '../../registry/file/shadow-copy.js';
import { stepIn } from './stages/input-in-state.js';

/** What a directory can show of a cluster: its identity, and what its state knows. */
export interface Owner extends ObjectOwner {
  readonly stateDir: string;
  readonly cluster: string;
  /** From its file, or from the state. @default - this directory has never made the cluster */
  readonly identity: ClusterIdentity | undefined;
  /** State directory in which the cluster was made. */
  readonly origin: string;
  /** Another state directory that claims the same cluster: one is a copy. @default - none */
  readonly rival: string | undefined;
}

/**
 * Reads what a directory can show of a cluster.
 * @param registry path of the registry, whose record names the place of the last `up`. @default - not asked
 * @throws KitError `identity-damaged` (exit 2)
 */
export async function readOwner(
  stateDir: string,
  cluster: string,
  registry?: string,
): Promise<Owner> {
  const kept = await readIdentity(stateDir, cluster);
  const state = knownState(await readState(stateFile(stateDir, cluster)));
  const inState = state === undefined ? {} : marksIn(state);
  const origin = kept?.origin ?? inState.origin ?? stateDir;
  const recovered =
    inState.id === undefined ? undefined : { id: inState.id, origin, place: origin };
  const identity = kept ?? recovered;
  return {
    ...{ stateDir, cluster, identity, origin },
    id: identity?.id,
    places: [stateDir, origin],
    knownIds: state === undefined ? new Set<string>() : idsIn(state),
    rival: await rivalOf(stateDir, cluster, identity, [
      identity?.place ?? origin,
      ...(await registeredPlaces(registry, identity)),
    ]),
  };
}

/** The identity of a cluster; a new one when it has none yet, which the caller must store. */
export const identityFor = ({ identity, stateDir, origin }: Owner): ClusterIdentity =>
  identity ?? { ...newIdentity(stateDir), origin };

/** The cluster as the owner of registry entries. One that was never made owns none. */
export const entryOwnerOf = ({
  id = '',
  stateDir,
}: Pick<Owner, 'id' | 'stateDir'>): EntryOwner => ({
  identity: id,
  place: stateDir,
});

/** @throws KitError `cluster-claimed-twice` (exit 2) when this directory is a copy of another one */
export function assertSoleClaim(owner: Owner): void {
  const problem = rivalProblem(owner);
  if (problem !== undefined) throw usageError('cluster-claimed-twice', problem);
}

/** The problem of a directory that is a copy of another one. */
export function rivalProblem({ rival, stateDir, cluster }: Owner): Problem | undefined {
  if (rival === undefined) return undefined;
  return {
    path: `clusters.${cluster}`,
    message: `${stateDir} is a copy of ${rival}: both claim this cluster, and only the first one is its own`,
    hint: `Run the command in the directory of ${rival}. Or make a cluster of this directory's own: give it another name in clusters.yml.`,
  };
}

/** Where the owner of a registry entry with this identity was at its last `up`. */
async function registeredPlaces(
  registry: string | undefined,
  identity: ClusterIdentity | undefined,
): Promise<string[]> {
  if (registry === undefined || identity === undefined) return [];
  const { shadow } = await registryFiles(registry);
  const entries = [...(await readShadow(shadow)).values()];
  return entries.flatMap(({ owner }) => (owner?.identity === identity.id ? [owner.place] : []));
}

/** A state directory, at one of these places, that claims the same cluster. */
async function rivalOf(
  stateDir: string,
  cluster: string,
  identity: ClusterIdentity | undefined,
  places: readonly string[],
): Promise<string | undefined> {
  for (const other of new Set(places)) {
    if (await isSameDirectory(other, stateDir)) continue;
    if (await claims(other, cluster, identity)) return other;
  }
  return undefined;
}

async function claims(
  stateDir: string,
  cluster: string,
  identity: ClusterIdentity | undefined,
): Promise<boolean> {
  const theirs = await readIdentity(stateDir, cluster).catch(() => 'damaged' as const);
  if (theirs === 'damaged') return true;
  if (theirs !== undefined) return theirs.id === identity?.id;
  // Versions before identities: a state or keys there, and a state here that was made there.
  if (identity !== undefined) return false;
  const traces = [stateFile(stateDir, cluster), keyDirectory(stateDir, cluster)];
  return (await Promise.all(traces.map((path) => exists(path)))).includes(true);
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

const labels = z.object({ labels: z.array(z.object({ label: z.string(), value: z.string() })) });
const made = z.object({ input: z.object({ value: z.object({ project: z.string() }) }) });

/** Identity and origin of a cluster, as its state has them. */
function marksIn(state: State): { readonly id?: string | undefined; readonly origin?: string } {
  const all = managedIn(state).flatMap(({ instances }) =>
    instances.flatMap(({ attributes }) => labels.safeParse(attributes).data?.labels ?? []),
  );
  const id = all.find(({ label }) => label === LABEL.identity)?.value;
  const origin = made.safeParse(stepIn(state, 'ground')?.attributes).data?.input.value.project;
  return { id, ...(origin !== undefined && { origin }) };
}
