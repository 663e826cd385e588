import { randomBytes } from 'node:crypto';
import type { Release } from '../../apps/document/document.js';
import type { AppsHost } from '../../apps/host.js';
import { cloneOptions } from '../../apps/instances/clone-instance.js';
import { statusOf } from '../../clients/docker/connect.js';
import { removeContainer } from '../../clients/docker/remove-container.js';
import { execAttached, runAttached, type Terminal } from '../../clients/docker/run-attached.js';
import { LABEL } from '../../cluster/names.js';
import { environmentError } from '../../lib/errors.js';
import type { ClusterRun } from '../cluster-run.js';
import { requireDocument } from './documents.js';
import { withApps } from './open-apps.js';
import { requireApp, requireRelease } from './require-app.js';

/**
 * The steps of `app exec`: run a command in the first instance, or of a function in a container of its own, since its
 * instances may be frozen at any time.
 *
 * @returns the command's exit code
 * @throws KitError `app-unknown` (exit 2), `app-not-running` (exit 3)
 */
export const execApp = (
  run: ClusterRun,
  name: string,
  argv: readonly string[],
  terminal: Terminal,
): Promise<number> =>
  withApps(run, async (host) => {
    const app = requireApp(await requireDocument(host), name, host);
    const release = requireRelease(app, app.current);
    return release.kind === 'function'
      ? inOwnContainer(host, release, argv, terminal)
      : inInstance(host, name, release, argv, terminal);
  });

async function inInstance(
  { engine, marks: { cluster } }: AppsHost,
  name: string,
  { instances }: Release,
  argv: readonly string[],
  terminal: Terminal,
): Promise<number> {
  for (const instance of instances) {
    const container = engine.getContainer(instance);
    const found = await container.inspect().catch((error: unknown) => {
      if (statusOf(error) === 404) return undefined;
      throw error;
    });
    if (found?.State.Running && !found.State.Restarting) {
      return execAttached(engine, container, argv, terminal);
    }
  }
  throw environmentError('app-not-running', {
    path: `clusters.${cluster}.apps.${name}`,
    message: 'no instance runs',
    hint: `Look at \`clusterkit app logs ${cluster} ${name}\`.`,
  });
}

async function inOwnContainer(
  { engine }: AppsHost,
  { id, instances: [first = ''] }: Release,
  argv: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const like = cloneOptions(await engine.getContainer(first).inspect(), { release: id, number: 1 });
  const { [LABEL.function]: _, ...labels } = like.Labels ?? {};
  const container = await engine.createContainer({
    ...like,
    name: `${like.name}-exec-${randomBytes(3).toString('hex')}`,
    ...{ Entrypoint: [...argv], Cmd: [], Labels: labels, Tty: terminal.isTerminal },
    ...{ OpenStdin: true, StdinOnce: true },
    HostConfig: { ...like.HostConfig, RestartPolicy: { Name: 'no' } },
  });
  try {
    return await runAttached(engine, container, terminal);
  } finally {
    await removeContainer(engine, container.id);
  }
}
