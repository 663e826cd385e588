import { removeContainer } from '../../clients/docker/remove-container.js';
import type { AppSettings } from '../../cluster/settings/apps/settings.js';
import type { Secret } from '../../lib/secret.js';
import { whyNotServing } from '../edge-of.js';
import type { AppsHost } from '../host.js';
import { awaitHealthy } from './await-healthy.js';
import { type InstanceProps, instanceOptions } from './instance-options.js';

/**
 * Makes the instances of a release and waits until they can serve: of an `app` all of them, of a function the first,
 * since the others start with the requests for them. When one cannot serve, none stays.
 *
 * @returns their names
 * @throws KitError `app-ended`, `app-unhealthy` (exit 3)
 */
export async function startInstances(
  host: AppsHost,
  props: InstanceProps,
  app: Pick<AppSettings, 'name' | 'kind' | 'instances' | 'port' | 'health'>,
  secrets: readonly Secret[],
): Promise<string[]> {
  const all = Array.from({ length: app.instances }, (_, index) =>
    instanceOptions({ ...props, number: index + 1 }),
  );
  const { engine } = host;
  try {
    for (const options of all) await engine.createContainer(options);
    const started = app.kind === 'function' ? all.slice(0, 1) : all;
    await Promise.all(
      started.map(async ({ name }) => {
        await engine.getContainer(name).start();
        await awaitServing(host, name, app, secrets);
      }),
    );
    return all.map(({ name }) => name);
  } catch (error) {
    for (const { name } of all) await removeContainer(engine, name);
    throw error;
  }
}

/** Waits until an instance can serve. @throws KitError `app-ended`, `app-unhealthy` (exit 3) */
export const awaitServing = (
  host: AppsHost,
  name: string,
  { name: app, port, health }: Reached,
  secrets: readonly Secret[],
): Promise<void> =>
  awaitHealthy({
    ...{ engine: host.engine, name, secrets, signal: host.context.signal },
    limitMs: host.limits.healthyMs,
    path: `clusters.${host.marks.cluster}.apps.${app}`,
    hasHealth: health !== undefined,
    ask: port === undefined ? undefined : () => whyNotServing(host, { name, port }, health),
  });

/** How an instance is asked whether it can serve. */
interface Reached {
  readonly name: string;
  readonly port?: number | undefined;
  readonly health?: string | undefined;
}
