import { dirname } from 'node:path';
import { sourceDigest } from '../../apps/build/source-context.js';
import { type Candidate, candidate } from '../../apps/candidate.js';
import { readAppSecrets } from '../../apps/secrets.js';
import type { Engine } from '../../clients/docker/connect.js';
import { findImage } from '../../clients/docker/find-image.js';
import type { AppSettings } from '../../cluster/settings/apps/settings.js';
import { Secret } from '../../lib/secret.js';
import type { ClusterContext } from '../../targets/context.js';
import { serviceOfApp } from './service-of-app.js';

/**
 * Reads everything that an application is made from. Changes nothing.
 * @param engine of its machine. @default - there is none yet
 * @throws KitError (exit 2) for sources, services and secrets that cannot be read
 */
export async function readCandidate(
  app: AppSettings,
  context: ClusterContext,
  engine?: Engine,
): Promise<Candidate> {
  const { project, env } = context;
  const { configFile } = project;
  const { secrets, problems } = await readAppSecrets(app, env, configFile);
  const service = await serviceOfApp(app, secrets, { configFile, env });
  const source = await sourceOf(app, dirname(configFile), engine);
  return candidate(await keyOf(context), {
    ...{ app, secrets, service, source },
    missing: problems.map((each) => ({
      ...each,
      path: `clusters.${context.cluster}.${each.path}`,
    })),
  });
}

/** The same candidate, now that its image is known. */
export const withSource = async (
  read: Candidate,
  source: string,
  context: ClusterContext,
): Promise<Candidate> => candidate(await keyOf(context), { ...read, source });

/** An image that the machine does not have yet is known by its name only. */
async function sourceOf(
  { source }: AppSettings,
  base: string,
  engine: Engine | undefined,
): Promise<string> {
  if (source.kind !== 'image') return (await sourceDigest(source, base)) ?? '';
  return (engine && (await findImage(engine, source.image))) ?? source.image;
}

/** Before a cluster's first `up` nothing is deployed that a digest could be compared to. */
const keyOf = async ({ secrets }: ClusterContext): Promise<Secret> =>
  (await secrets())?.clusterSecret ?? new Secret('none');
