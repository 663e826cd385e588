import type { Engine } from '../../clients/docker/connect.js';
import type { PlannedChange } from '../../clients/terraform/events.js';
import { type ClusterWorld, placesOf } from '../../cluster/context.js';
import { keyDirectory } from '../../cluster/keys/key-directory.js';
import { readSecrets } from '../../cluster/keys/key-store.js';
import { withClusterLock } from '../../cluster/lock.js';
import { readRegistry } from '../../registry/file/read-registry.js';
import {
  type CommonSettings,
  type DockerSettings,
  endpointOf,
} from '../clusters-file/cluster-settings.js';
import { planChanges } from '../common/apply.js';
import { isConfigured, loginOf } from '../common/stages/configure.js';
import { stageFacts } from '../common/stages/facts.js';
import { inputFor } from '../common/stages/input.js';
import { openWorkspace } from '../common/workspace.js';
import { preflight } from './preflight.js';

/** What `clusterkit plan` reports. Stable. */
export interface PlanResult {
  readonly cluster: string;
  readonly changes: readonly PlannedChange[];
}

/**
 * What `up` would do, looking only: pulls, changes of resources, and a registry entry that is
 * missing or differs.
 */
export async function planCluster(
  settings: DockerSettings,
  world: ClusterWorld,
): Promise<PlanResult> {
  const { engine, missingImages } = await preflight(settings, world);
  // An `up` must find in its directory what it wrote there itself.
  return withClusterLock(world, () => planned(settings, world, engine, missingImages));
}

async function planned(
  settings: DockerSettings,
  world: ClusterWorld,
  engine: Engine,
  missingImages: readonly string[],
): Promise<PlanResult> {
  const pulls = missingImages.map((address) => ({ address, action: 'pull' }));
  const facts = stageFacts(settings, placesOf(world, ''));
  const input = inputFor('configure', facts);
  const login = await loginOf(input, world.env);
  // With an image to come, what it is started with cannot be told; the change is seen without it.
  const configured = missingImages.length > 0 || (await isConfigured(engine, { ...input, login }));
  const run = await openWorkspace(settings, world, { anew: !configured });
  const { changes } = await planChanges(run);
  const entry = entryChange(await entryStateOf(settings, world));
  return { cluster: settings.name, changes: [...pulls, ...changes, ...entry] };
}

/** What would be done to the registry entry, beside Terraform's changes. */
export const entryChange = (entry: EntryState): PlannedChange[] =>
  entry === 'current'
    ? []
    : [{ address: 'registry entry', action: entry === 'absent' ? 'create' : 'update' }];

/** How the registry's entry compares to what a cluster would write. */
export type EntryState = 'absent' | 'current' | 'differs';

/** Compares the registry's entry to what this cluster would write. @default - the local endpoint */
export async function entryStateOf(
  settings: CommonSettings,
  { project, registry }: ClusterWorld,
  endpoint = endpointOf(settings),
): Promise<EntryState> {
  const secrets = await readSecrets(
    keyDirectory(project.stateDir, settings.name),
    settings.server.auth,
  );
  const { entries } = await readRegistry(registry);
  const entry = entries.find(({ name }) => name === settings.name);
  if (entry === undefined) return 'absent';
  const same =
    entry.host === endpoint &&
    entry.clusterSecret?.reveal().trim() === secrets?.clusterSecret.reveal().trim();
  return same ? 'current' : 'differs';
}
