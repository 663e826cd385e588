import { connectEngine, type Engine } from '../../clients/docker/connect.js';
import { findImage, requirePullable } from '../../clients/docker/find-image.js';
import type { ClusterWorld } from '../../cluster/context.js';
import { dataLayoutOf } from '../../cluster/data-layout.js';
import { keyDirectory } from '../../cluster/keys/key-directory.js';
import { readClusterSecrets } from '../../cluster/keys/key-store.js';
import { type ClusterObject, findClusterObjects } from '../../cluster/objects/cluster-objects.js';
import { assertDataFits } from '../../cluster/objects/data-conflict.js';
import { portConflict } from '../../cluster/objects/port-conflict.js';
import { KitError, type Problem, usageError } from '../../lib/errors.js';
import { requireWritable } from '../../lib/require-writable.js';
import { assertNoConflict } from '../../registry/file/assert-no-conflict.js';
import { readRegistry } from '../../registry/file/read-registry.js';
import { registryFiles } from '../../registry/file/registry-files.js';
import { type DockerSettings, imagesOf } from '../clusters-file/cluster-settings.js';
import { checkExternalDatabase } from '../common/external-database.js';

/** What {@link preflight} learned on the way. */
export interface PreflightFindings {
  readonly engine: Engine;
  /** Images that the engine does not have. */
  readonly missingImages: readonly string[];
}

/**
 * Everything that can be known to go wrong before anything is created, all of it at once:
 * the registry, the engine, the names, the port. Changes nothing.
 */
export async function preflight(
  settings: DockerSettings,
  world: ClusterWorld,
): Promise<PreflightFindings> {
  const [engine, ...local] = await Promise.allSettled([
    connectEngine(),
    requireWritable(world.project.stateDir, 'The state of the project'),
    checkRegistry(settings, world),
    checkExternalDatabase(settings, world),
  ]);
  const findings =
    engine.status === 'fulfilled' ? await checkEngine(settings, world, engine.value) : [engine];
  const errors = [...local, ...findings].flatMap(reasonOf);
  if (errors.length > 0 || engine.status === 'rejected') throw combine(errors);
  const missingImages = findings.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
  return { engine: engine.value, missingImages };
}

const reasonOf = (check: PromiseSettledResult<unknown>): unknown[] =>
  check.status === 'rejected' ? [check.reason] : [];

/** Checks that need the engine; a fulfilled one gives the images that are missing. */
async function checkEngine(settings: DockerSettings, world: ClusterWorld, engine: Engine) {
  const objects = await findClusterObjects(engine, settings.name);
  return Promise.allSettled([
    checkOwner(settings, world, objects).then(() => []),
    checkData(settings, objects).then(() => []),
    portConflict(engine, settings).then(() => []),
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

/** Could the registry be written, and is the name free or the cluster's own? */
export async function checkRegistry(
  settings: Pick<DockerSettings, 'name'>,
  world: ClusterWorld,
): Promise<void> {
  const { directory } = await registryFiles(world.registry);
  await requireWritable(directory, 'The registry');
  const secrets = await readClusterSecrets(keyDirectory(world.project.stateDir, settings.name));
  assertNoConflict(await readRegistry(world.registry), settings.name, secrets);
}

async function checkOwner(
  { name }: DockerSettings,
  { project }: ClusterWorld,
  objects: readonly ClusterObject[],
) {
  const others = objects.filter((each) => each.project && each.project !== project.stateDir);
  const first = others[0];
  if (first === undefined) return;
  throw usageError('cluster-elsewhere', {
    path: `clusters.${name}`,
    message: `a cluster of this name already lives in this engine (${others.map((o) => o.name).join(', ')}), made from ${first.project}`,
    hint: 'Give this one another name, or take that one down from there.',
  });
}

async function checkData({ name, server, database }: DockerSettings, objects: ClusterObject[]) {
  const data = objects.find(({ kind, role }) => kind === 'volume' && role === 'data');
  if (database.external !== undefined && data !== undefined) {
    throw usageError('data-in-container', {
      path: `clusters.${name}.database.external`,
      message: `the cluster has data of its own (volume ${data.name}), which would be lost`,
      hint: 'Save the data with `prisma export`, take the cluster down and up again, and import it; or bring back the setting as it was.',
    });
  }
  if (database.external !== undefined) return;
  assertDataFits(name, dataLayoutOf(server.version, database.connector), objects);
}

/** One error out of several: the first decides code and kind. */
export function combine(errors: readonly unknown[]): unknown {
  const kit = errors.filter((error) => error instanceof KitError);
  const first = kit[0];
  if (first === undefined || kit.length < errors.length) {
    return errors.find((error) => !(error instanceof KitError));
  }
  const problems = kit.flatMap((error): readonly Problem[] => error.problems);
  return new KitError(first.code, first.exitCode, problems, { cause: first });
}
