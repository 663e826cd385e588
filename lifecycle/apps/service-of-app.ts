import { dirname, resolve } from 'node:path';
import type { UsedService } from '../../apps/candidate.js';
import { SERVICE_SECRET } from '../../apps/environment.js';
import type { AppSettings } from '../../cluster/settings/apps/settings.js';
import type { Secret } from '../../lib/secret.js';
import { loadService } from '../../service/deploy/load-service.js';
import { namesOfService } from '../../service/names-of-service.js';

/**
 * The service of an application; its secret is one of the application's own, or that of its prisma.yml.
 * @param own secrets of the application
 * @param place the file that names the directory, and the variables of prisma.yml
 * @throws KitError `prisma-yml-invalid` and others of a service (exit 2)
 */
export async function serviceOfApp(
  { service }: Pick<AppSettings, 'service'>,
  own: Readonly<Record<string, Secret>>,
  place: { readonly configFile: string; readonly env: NodeJS.ProcessEnv },
): Promise<UsedService | undefined> {
  if (service === undefined) return undefined;
  if ('name' in service) return { ...service, secret: own[SERVICE_SECRET] };
  const loaded = await loadService({
    directory: resolve(dirname(place.configFile), service.directory),
    ...{ project: undefined, envFile: undefined, flags: {}, env: place.env },
  });
  const names = namesOfService(loaded);
  const secret = own[SERVICE_SECRET] ?? loaded.service.secrets[0];
  return { name: names.service, stage: names.stage, secret };
}
