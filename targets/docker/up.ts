import { pullImage } from '../../clients/docker/find-image.js';
import { type ClusterWorld, placesOf } from '../../cluster/context.js';
import { withClusterLock } from '../../cluster/lock.js';
import { type DockerSettings, endpointOf } from '../clusters-file/cluster-settings.js';
import { applyChanges } from '../common/apply.js';
import { claimExternalDatabase } from '../common/external-database.js';
import { isConfigured, loginOf } from '../common/stages/configure.js';
import { stageFacts } from '../common/stages/facts.js';
import { inputFor } from '../common/stages/input.js';
import { register } from '../common/stages/register.js';
import { openWorkspace } from '../common/workspace.js';
import { isApplied, markApplied, unmarkApplied } from './applied-mark.js';
import { entryStateOf } from './plan.js';
import { preflight } from './preflight.js';

/** What `clusterkit up` reports. Stable. */
export interface UpResult {
  readonly cluster: string;
  readonly endpoint: string;
  readonly version: string;
  readonly registry: string;
  /** What happened to the registry entry, whoever of apply and {@link register} did it. */
  readonly entry: 'added' | 'changed' | 'unchanged';
  /** Number of resources created, changed or replaced. */
  readonly changes: number;
}

/**
 * THE STORY of `up`: look, prepare, apply, prove, register. Every step takes the world as it finds
 * it, so that the same call starts, repairs and finishes.
 */
export async function bringUp(settings: DockerSettings, world: ClusterWorld): Promise<UpResult> {
  const { engine, missingImages } = await preflight(settings, world);
  for (const reference of missingImages) {
    await pullImage(engine, { reference, signal: world.signal });
    world.steps.done(`image ${reference} pulled`);
  }
  return withClusterLock(world, async () => {
    const entryBefore = await entryStateOf(settings, world);
    const facts = stageFacts(settings, placesOf(world, ''));
    const input = inputFor('configure', facts);
    const login = await loginOf(input, world.env);
    await claimExternalDatabase(settings, world);
    const configured = await isConfigured(engine, { ...input, login });
    const applied = configured && (await isApplied(settings, world, engine));
    const changes = applied ? [] : await apply(settings, world, !configured);
    const { server } = await register(inputFor('register', facts), world.signal);
    if (!applied) await markApplied(settings, world, engine);
    return {
      cluster: settings.name,
      endpoint: endpointOf(settings),
      version: server.version,
      registry: world.registry,
      entry: ENTRY_OUTCOME[entryBefore],
      changes: changes.length,
    };
  });
}

/** What happened to an entry that stood like this before. */
export const ENTRY_OUTCOME = { absent: 'added', differs: 'changed', current: 'unchanged' } as const;

async function apply(settings: DockerSettings, world: ClusterWorld, anew: boolean) {
  await unmarkApplied(world);
  return applyChanges('apply', await openWorkspace(settings, world, { anew }), world);
}
