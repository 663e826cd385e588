import { apiAccess } from '../../clients/digitalocean/access.js';
import { type Api, openApi } from '../../clients/digitalocean/api.js';
import { connectEngine, type Engine } from '../../clients/docker/connect.js';
import { findImage, requirePullable } from '../../clients/docker/find-image.js';
import { isBundled } from '../../cluster/bundled-images.js';
import { stateFile } from '../../cluster/project.js';
import { type Problem, usageError } from '../../lib/errors.js';
import { requireWritable } from '../../lib/require-writable.js';
import { checkExternalDatabase } from '../common/external-database.js';
import { checkClaim, checkRegistry, combine } from '../common/preflight.js';
import type { ClusterContext } from '../context.js';
import type { Findings } from '../target.js';
import type { AccountFacts } from './account/account-facts.js';
import { checkAccount } from './account/check-account.js';
import type { KitObject } from './account/kit-objects.js';
import { ownershipEvidence } from './account/ownership-evidence.js';
import { domainWarnings } from './machine/domain-warnings.js';
import { memoryWarnings } from './machine/memory-warnings.js';
import type { DropletSettings } from './settings.js';

/** Result of {@link runChecks}. */
export interface Checked extends Findings {
  readonly api: Api;
  /** The cluster's existing objects on the account. */
  readonly own: readonly KitObject[];
  readonly facts: AccountFacts;
}

/**
 * All checks before anything costs money; reports all problems together: account and token, region and
 * size, names, registry, key store and state, and this machine's engine when it has images to push.
 * Creates nothing, locally or on the account.
 *
 * @throws KitError with every problem; the first decides code and exit code
 */
export async function runChecks(
  settings: DropletSettings,
  context: ClusterContext,
): Promise<Checked> {
  const { keyDirectory: keys, project } = context;
  const account = async () => {
    const api = openApi(apiAccess(context.env), { signal: context.signal });
    // An unreadable key store is a separate problem, and must not hide those of the account.
    const known = await evidence.catch(() => undefined);
    return { api, ...(await checkAccount(api, settings, known)) };
  };
  const evidence = ownershipEvidence({
    stateFile: stateFile(project.stateDir, settings.name),
    keyDirectory: keys,
  });
  const [checked, images, ...local] = await Promise.allSettled([
    account(),
    checkImages(settings, context),
    evidence,
    requireWritable(project.stateDir, 'The state of the project'),
    requireWritable(keys, 'The key store'),
    checkClaim(context),
    checkRegistry(context),
    checkExternalDatabase(settings, context),
  ]);
  context.signal.throwIfAborted();
  const errors = [
    ...(checked.status === 'fulfilled' ? checked.value.errors : []),
    ...[checked, images, ...local].flatMap((each) =>
      each.status === 'rejected' ? [each.reason as unknown] : [],
    ),
  ];
  if (errors.length > 0 || checked.status === 'rejected' || images.status === 'rejected') {
    throw combine(errors);
  }
  const { api, facts, own, warnings } = checked.value;
  const more = [
    ...(await domainWarnings(settings, context)),
    ...(await memoryWarnings(settings, context)),
  ];
  return { api, facts, own, warnings: [...warnings, ...more], ...images.value };
}

async function checkImages(settings: DropletSettings, context: ClusterContext) {
  const { name, server, database, gateway, tls, images } = settings;
  const all = [
    { part: 'server.image', image: server.image, transport: images.server },
    { part: 'database.image', image: database.image, transport: images.database },
    ...(gateway && images.gateway
      ? [{ part: 'gateway.image', image: gateway.image, transport: images.gateway }]
      : []),
    ...(tls && images.proxy
      ? [{ part: 'gateway.proxyImage', image: tls.proxyImage, transport: images.proxy }]
      : []),
  ];
  const unpullable = all.filter(({ image, transport }) => transport === 'pull' && isBundled(image));
  if (unpullable.length > 0) {
    throw usageError(
      'image-unpullable',
      unpullable.map(({ part, image }) => ({
        path: `clusters.${name}.${part}`,
        message: `a droplet cannot pull '${image}': the bundled images are in no registry`,
        hint: 'Remove images, or set images: push.',
      })),
    );
  }
  const wished = all.filter(({ transport }) => transport === 'push').map(({ image }) => image);
  const pushed = [...new Set(wished)];
  if (pushed.length === 0) return { engine: undefined, missingImages: [] };
  const engine = await connectEngine(await context.engineAddress(), context.env);
  const found = await Promise.all(pushed.map((image) => findImage(engine, image)));
  const missingImages = pushed.filter((_, index) => found[index] === undefined);
  requirePullable(missingImages);
  await requireFitting(
    engine,
    name,
    pushed.filter((image) => !missingImages.includes(image)),
  );
  return { engine, missingImages };
}

/** Droplets are amd64 machines; an engine on another kind of machine has other images. */
async function requireFitting(engine: Engine, name: string, images: readonly string[]) {
  const kinds = await Promise.all(
    images.map(async (image) => (await engine.getImage(image).inspect()).Architecture),
  );
  const problems = images.flatMap((image, index): Problem[] => {
    const kind = kinds[index];
    if (kind === undefined || kind === 'amd64') return [];
    return [
      {
        path: `clusters.${name}.images`,
        message: `'${image}' in this machine's engine is built for ${kind}, but droplets are amd64`,
        hint: 'Pull it with docker pull --platform linux/amd64, or set images: pull.',
      },
    ];
  });
  if (problems.length > 0) throw usageError('image-unfit', problems);
}
