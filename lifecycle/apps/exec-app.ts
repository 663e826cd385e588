import type Docker from 'dockerode';
import type { Release } from '../../apps/document/document.js';
import type { AppsHost } from '../../apps/host.js';
import { cloneOptions } from '../../apps/instances/clone-instance.js';
import { sessionName } from '../../apps/instances/session-name.js';
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
    const isFunction = release.kind === 'function';
    const isFit = ({ State }: Docker.ContainerInspectInfo) =>
      isFunction || (State.Running && !State.Restarting);
    const found = await firstFit(host, name, release, isFit);
    return isFunction
      ? inOwnContainer(host, release, found, argv, terminal)
      : execAttached(host.engine, host.engine.getContainer(found.Id), argv, terminal);
  });

async function firstFit(
  { engine, marks: { cluster } }: AppsHost,
  name: string,
  { instances }: Release,
  isFit: (container: Docker.ContainerInspectInfo) => boolean,
): Promise<Docker.ContainerInspectInfo> {
  for (const instance of instances) {
    const found = await engine
      .getContainer(instance)
      .inspect()
      .catch((error: unknown) => {
        if (statusOf(error) === 404) return undefined;
        throw error;
      });
    if (found !== undefined && isFit(found)) return found;
  }
  throw environmentError('app-not-running', {
    path: `clusters.${cluster}.apps.${name}`,
    message: 'no instance runs',
    hint: `Look at \`clusterkit app logs ${cluster} ${name}\`; \`clusterkit up ${cluster}\` makes missing containers again.`,
  });
}

async function inOwnContainer(
  { engine }: AppsHost,
  { id }: Release,
  from: Docker.ContainerInspectInfo,
  argv: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const like = cloneOptions(from, { release: id, number: 1 });
  const { [LABEL.function]: _, ...labels } = like.Labels ?? {};
  const container = await engine.createContainer({
    ...like,
    name: sessionName(like.name),
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
