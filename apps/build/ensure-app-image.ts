import type { Engine } from '../../clients/docker/connect.js';
import { copyImages } from '../../clients/docker/copy-images.js';
import { findImage, requirePullable } from '../../clients/docker/find-image.js';
import { openEngine } from '../../clients/docker/open-engine.js';
import { BUNDLED_FUNCTIONS } from '../../cluster/bundled-images.js';
import type { ClusterMarks } from '../../cluster/containers/cluster-labels.js';
import { appImage, appRepository, imageLabels } from '../../cluster/objects/app-image.js';
import type { AppSource } from '../../cluster/settings/apps/settings.js';
import { ensureImages } from '../../targets/common/install/ensure-images.js';
import type { Machine } from '../../targets/machine.js';
import { buildImage } from './build-image.js';
import { digestOf } from './context.js';
import { type BuiltSource, sourceContext } from './source-context.js';

/** Input of {@link ensureAppImage}. */
export interface AppImageInput {
  /** Labels of the image. */
  readonly marks: ClusterMarks;
  readonly app: string;
  /** Such as `r3`. */
  readonly release: string;
  readonly source: AppSource;
  /** Directory of `clusters.yml`, to which the source's path is relative. */
  readonly base: string;
  /**
   * `here`: the machine's engine is the one that the command uses, which builds. `away`: images are built on the
   * engine of this machine and copied.
   */
  readonly place: 'here' | 'away';
  /** How an image gets to a machine that is away: from a registry, or from the engine of this machine. */
  readonly transport: 'pull' | 'push';
  /** Finds this machine's engine, logins to registries, proxies and certificate authorities. */
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
  /** Receives the output of the build. @default - nobody */
  readonly onLine?: ((line: string) => void) | undefined;
}

/** The image of a release, on its machine. */
export interface AppImage {
  /** Id on the machine. */
  readonly id: string;
  /** Its name on the machine, which is the release's own: it stays when another image gets the name of the source. */
  readonly reference: string;
  /** See `sourceDigest`. @default - the source is an image */
  readonly digest?: string;
}

/**
 * Ensures that a machine has the image of a release: builds, pulls or copies it.
 * @throws KitError those of `sourceContext`, `buildImage`, `ensureImages` and `copyImages`
 */
export async function ensureAppImage(machine: Machine, input: AppImageInput): Promise<AppImage> {
  const { marks, app, release, source } = input;
  const reference = appImage(marks.cluster, app, release);
  if (source.kind !== 'image') return build(machine, input, source, reference);
  const id = await imageOf(machine, input, source.image);
  await machine.engine.getImage(id).tag({ repo: appRepository(marks.cluster, app), tag: release });
  return { id, reference };
}

async function imageOf(
  { engine, name }: Machine,
  { place, transport, env, signal }: AppImageInput,
  image: string,
): Promise<string> {
  const needed = { reference: image, transport: place === 'here' ? 'pull' : transport } as const;
  const { images } = await ensureImages(engine, [needed], name, env, signal);
  return images[0]?.id ?? image;
}

async function build(
  machine: Machine,
  input: AppImageInput,
  source: BuiltSource,
  reference: string,
): Promise<AppImage> {
  const { marks, app, env, signal, onLine, place } = input;
  const context = await sourceContext(source, input.base);
  const digest = await digestOf(context);
  const builder = place === 'here' ? machine.engine : await openEngine(env);
  if (source.kind === 'function') await requireFunctions(builder);
  const labels = imageLabels(marks, app, digest);
  const built = await buildImage(builder, { context, tag: reference, labels, env, signal, onLine });
  if (place === 'here') return { id: built, reference, digest };
  const copy = { references: [reference], from: builder, to: machine.engine, signal };
  await copyImages({ ...copy, destination: machine.name });
  const { Id } = await machine.engine.getImage(reference).inspect();
  return { id: Id, reference, digest };
}

async function requireFunctions(builder: Engine): Promise<void> {
  if ((await findImage(builder, BUNDLED_FUNCTIONS)) === undefined) {
    requirePullable([BUNDLED_FUNCTIONS]);
  }
}
