import { providerSettings } from '../../clients/docker/address/hand-over.js';
import { connectEngine, type Engine } from '../../clients/docker/connect.js';
import { findImage, requirePullable } from '../../clients/docker/find-image.js';
import { dataLayoutOf } from '../../cluster/data-layout.js';
import type { ClusterObject } from '../../cluster/objects/cluster-objects.js';
import { assertDataFits } from '../../cluster/objects/data-conflict.js';
import { portConflict } from '../../cluster/objects/port-conflict.js';
import { imagesOf } from '../../cluster/settings/settings.js';
import { usageError } from '../../lib/errors.js';
import { requireWritable } from '../../lib/require-writable.js';
import { checkExternalDatabase } from '../common/external-database.js';
import { checkClaim, checkRegistry, combine } from '../common/preflight.js';
import type { ClusterContext } from '../context.js';
import type { Findings } from '../target.js';
import { reachWarnings } from './address.js';
import { assertLoopbackShared } from './engine-place.js';
import { assertNamesFree, assertNotElsewhere, sortedObjects } from './own-objects.js';
import type { DockerSettings } from './settings.js';

/**
 * All checks before anything is created; reports all problems together: registry, engine, names, port.
 * Changes nothing.
 */
export async function preflight(
  settings: DockerSettings,
  context: ClusterContext,
): Promise<Findings> {
  const [engine, ...local] = await Promise.allSettled([
    openEngine(context),
    requireWritable(context.project.stateDir, 'The state of the project'),
    checkClaim(context),
    checkRegistry(context),
    checkExternalDatabase(settings, context),
  ]);
  const findings =
    engine.status === 'fulfilled' ? await checkEngine(settings, context, engine.value) : [engine];
  const errors = [...local, ...findings].flatMap(reasonOf);
  if (errors.length > 0 || engine.status === 'rejected') throw combine(errors);
  const missingImages = findings.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
  return { engine: engine.value, missingImages, warnings: reachWarnings(settings) };
}

/** The engine, which Terraform's provider must reach as well. */
async function openEngine({ engineAddress, env }: ClusterContext): Promise<Engine> {
  const address = await engineAddress();
  providerSettings(address);
  return connectEngine(address, env);
}

const reasonOf = (check: PromiseSettledResult<unknown>): unknown[] =>
  check.status === 'rejected' ? [check.reason] : [];

/** Checks that need the engine; a fulfilled one returns the missing images. */
async function checkEngine(settings: DockerSettings, context: ClusterContext, engine: Engine) {
  const owner = await context.owner();
  const objects = await sortedObjects(engine, owner);
  const { apps = [] } = settings;
  const names = apps.map(({ name }) => name);
  return Promise.allSettled([
    (async () => assertNotElsewhere(owner, objects))().then(() => []),
    assertNamesFree(engine, owner, names).then(() => []),
    checkData(settings, objects.own).then(() => []),
    portConflict(engine, settings).then(() => []),
    ...apps
      .flatMap(({ name: app, published: port }) =>
        port === undefined
          ? []
          : [portConflict(engine, { name: settings.name, bind: settings.bind, port, app })],
      )
      .map((check) => check.then(() => [])),
    (async () => assertLoopbackShared(settings, engine, await context.engineAddress()))().then(
      () => [],
    ),
    checkImages(settings, engine),
  ]);
}

async function checkImages(settings: DockerSettings, engine: Engine) {
  const images = imagesOf(settings);
  const found = await Promise.all(images.map((image) => findImage(engine, image)));
  const missing = images.filter((_, i) => found[i] === undefined);
  requirePullable(missing);
  return missing;
}

async function checkData(
  { name, server, database }: DockerSettings,
  objects: readonly ClusterObject[],
) {
  const data = objects.find(({ kind, role }) => kind === 'volume' && role === 'data');
  if (database.external !== undefined && data !== undefined) {
    throw usageError('data-in-container', {
      path: `clusters.${name}.database.external`,
      message: `the cluster has data in a container (volume ${data.name}), which would be lost`,
      hint: 'Save the data with `prisma export`, run `down` and `up`, and import it; or restore the former setting.',
    });
  }
  if (database.external !== undefined) return;
  assertDataFits(name, dataLayoutOf(server.version, database.connector), objects);
}
