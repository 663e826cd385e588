import type { Engine } from '../../clients/docker/connect.js';
import { type ContainerPlan, type EnsureOutcome, ensureContainer } from './ensure-objects.js';

/**
 * As `ensureContainer`, for one whose port is published. An engine whose machine lost its power while it
 * started the container keeps the port for an endpoint that is gone, and refuses the container from
 * then on; only its own restart ends that (seen with 20.10), which containers of other names outlive where
 * it restores them live.
 *
 * @param restartEngine waits until it answers again
 */
export async function ensurePublished(
  engine: Engine,
  spec: ContainerPlan,
  restartEngine: () => Promise<void>,
): Promise<EnsureOutcome> {
  try {
    return await ensureContainer(engine, spec);
  } catch (error) {
    if (!isAllocated(error) || (await isPublished(engine, spec))) throw error;
    await restartEngine();
    return ensureContainer(engine, spec);
  }
}

/** The words are the engine's: a listener that is no container gives others. */
const isAllocated = (error: unknown) =>
  error instanceof Error && error.message.includes('port is already allocated');

async function isPublished(engine: Engine, { HostConfig }: ContainerPlan): Promise<boolean> {
  const bindings: unknown[] = Object.values(HostConfig?.PortBindings ?? {}).flat();
  const ports = bindings.flatMap((each) =>
    typeof each === 'object' && each !== null && 'HostPort' in each ? [`${each.HostPort}`] : [],
  );
  const running = await engine.listContainers();
  return running.some(({ Ports }) =>
    Ports.some(({ PublicPort }) => ports.includes(String(PublicPort))),
  );
}
