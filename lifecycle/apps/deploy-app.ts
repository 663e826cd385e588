import { dirname } from 'node:path';
import { ensureAppImage } from '../../apps/build/ensure-app-image.js';
import type { Candidate } from '../../apps/candidate.js';
import { nextRelease, withRelease } from '../../apps/document/changes.js';
import type { AppsDocument } from '../../apps/document/document.js';
import { releaseOf } from '../../apps/document/release-of.js';
import { ensureEdgesFor } from '../../apps/edge-of.js';
import { environmentOf } from '../../apps/environment.js';
import type { AppsHost } from '../../apps/host.js';
import type { InstanceProps } from '../../apps/instances/instance-options.js';
import { removeRelease } from '../../apps/instances/remove-release.js';
import { startInstances } from '../../apps/instances/start-instances.js';
import { runReleaseCommand } from '../../apps/release-command.js';
import { serve } from '../../apps/serve.js';
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
  await step('remove left-overs', () => removeRelease(host, app.name, id));
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
  const release = releaseOf(app, {
    ...{ id, revision, at: new Date().toISOString(), instances: [] },
    image: { id: image.id, reference: image.reference },
  });
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
