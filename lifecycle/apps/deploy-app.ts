import { dirname } from 'node:path';
import { ensureAppImage } from '../../apps/build/ensure-app-image.js';
import type { Candidate } from '../../apps/candidate.js';
import { nextRelease, withRelease } from '../../apps/document/changes.js';
import type { AppsDocument, Release } from '../../apps/document/document.js';
import { ensureEdgesFor } from '../../apps/edge-of.js';
import { environmentOf } from '../../apps/environment.js';
import type { AppsHost } from '../../apps/host.js';
import { findInstances } from '../../apps/instances/find-instances.js';
import type { InstanceProps } from '../../apps/instances/instance-options.js';
import { startInstances } from '../../apps/instances/start-instances.js';
import { runReleaseCommand } from '../../apps/release-command.js';
import { serve } from '../../apps/serve.js';
import { removeContainer } from '../../clients/docker/remove-container.js';
import { isBundled } from '../../cluster/bundled-images.js';
import type { AppSettings } from '../../cluster/settings/apps/settings.js';
import { Secret } from '../../lib/secret.js';
import type { Steps } from '../steps.js';
import { fromCluster } from './from-cluster.js';
import { withSource } from './read-candidate.js';

/**
 * Deploys one application: what it gets from the cluster, image, release command, new instances, health, then the
 * swap. Until the swap the release before serves, whatever fails.
 *
 * @returns the new document
 * @throws KitError of each step
 */
export async function deployApp(
  host: AppsHost,
  document: AppsDocument,
  read: Candidate,
  steps: Steps,
): Promise<AppsDocument> {
  const { app } = read;
  const { marks, context, settings } = host;
  const step = <T>(name: string, work: () => Promise<T>) => steps.run(`${app.name}: ${name}`, work);
  const id = nextRelease(document, app.name);
  await step('remove left-overs', () => removeLeftOvers(host, document, app.name));
  const all = settings.apps ?? [];
  const before = await step('service', () => fromCluster(host, document, read, all, 'before'));
  const image = await step('image', () => imageOf(host, app, id));
  const { revision = '' } = await withSource(read, image.digest ?? image.id, context);
  const propsWith = (given: Parameters<typeof environmentOf>[2]): InstanceProps => ({
    ...{ marks, app, release: id, number: 1, image: image.id },
    ...environmentOf(app, read.secrets, given),
  });
  if (app.release) {
    const { release: command } = app;
    const props = propsWith(before);
    await step('release command', () => runReleaseCommand(host, props, command, secretsOf(props)));
  }
  const given = before.isComplete
    ? before
    : await step('service', () => fromCluster(host, document, read, all, 'after'));
  const props = propsWith(given);
  const release = releaseOf(app, { id, revision, image });
  const next = withRelease(document, app.name, release);
  await step('edge', () => ensureEdgesFor(host, [document, next]));
  const instances = await step('start', () => startInstances(host, props, app, secretsOf(props)));
  const deployed = withRelease(document, app.name, { ...release, instances });
  await step('swap', () => serve(host, deployed));
  return deployed;
}

/** The values of an environment that are secret, to leave out of what is shown. */
const secretsOf = ({ environment, secrets }: InstanceProps): Secret[] =>
  secrets.flatMap((name) => {
    const value = environment[name] ?? '';
    return value === '' ? [] : [new Secret(value)];
  });

/** Containers of releases that never served: an earlier run was interrupted. */
async function removeLeftOvers({ engine, marks }: AppsHost, document: AppsDocument, name: string) {
  const known = document.apps[name]?.releases.map(({ id }) => id) ?? [];
  for (const each of await findInstances(engine, marks.cluster)) {
    if (each.app === name && !known.includes(each.release)) await removeContainer(engine, each.id);
  }
}

function imageOf({ machine, marks, place, context }: AppsHost, app: AppSettings, release: string) {
  const { source } = app;
  const isPushed = source.kind === 'image' && isBundled(source.image);
  return ensureAppImage(machine, {
    ...{ marks, app: app.name, release, source, place: place.engine },
    base: dirname(context.project.configFile),
    transport: place.transport ?? (isPushed ? 'push' : 'pull'),
    ...{ env: context.env, signal: context.signal, onLine: context.progress.detail },
  });
}

function releaseOf(
  app: AppSettings,
  made: { readonly id: string; readonly revision: string } & Pick<Release, 'image'>,
): Release {
  const { kind, port, published, domains, health, timeoutMs, drainMs } = app;
  return {
    ...{ ...made, at: new Date().toISOString(), kind, instances: [] },
    image: { id: made.image.id, reference: made.image.reference },
    ...(port !== undefined && { port }),
    ...(published !== undefined && { published }),
    ...(health !== undefined && { health }),
    ...{ domains: [...domains], timeoutMs, drainMs },
    ...(app.function && { function: app.function }),
  };
}
