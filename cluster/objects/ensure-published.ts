import type { Engine } from '../../clients/docker/connect.js';
import { type ContainerPlan, type EnsureOutcome, ensureContainer } from './ensure-objects.js';

/**
 * As `ensureContainer`, for a container with a published port. An engine whose machine lost power while it
 * started the container reserves the port for an endpoint that no longer exists, and then refuses the
 * container (seen with 20.10). Only a restart of the engine releases the port; with live restore other
 * containers keep running.
 *
 * @param restartEngine restarts it and waits until it answers again. @default - nobody may: the error is thrown
 */
export async function ensurePublished(
  engine: Engine,
  spec: ContainerPlan,
  restartEngine?: () => Promise<void>,
): Promise<EnsureOutcome> {
  try {
    return await ensureContainer(engine, spec);
  } catch (error) {
    if (restartEngine === undefined || !isAllocated(error)) throw error;
    if (await isPublished(engine, spec)) throw error;
    await restartEngine();
    return ensureContainer(engine, spec);
  }
}

/** The engine's message; other listeners on the port cause a different one. */
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
