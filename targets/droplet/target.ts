import { DIGITALOCEAN_PROVIDER } from '../../clients/terraform/built-provider.js';
import type { Target } from '../target.js';
import { firstBootLog } from './first-boot-log.js';
import type { DropletFindings } from './preflight.js';
import { type DropletSettings, dropletSettings } from './settings.js';
import { STAGES } from './stages/all.js';

/** Clusters on a DigitalOcean droplet. Code is loaded when a command uses it. */
export const droplet: Target<DropletSettings, DropletFindings> = {
  name: 'digitalocean',
  settings: dropletSettings,
  runsHere: false,
  resourcePrefix: 'digitalocean_',
  provider: DIGITALOCEAN_PROVIDER.source,
  keepData: { option: '--keep-volume', refusal: noVolume },
  logs: [firstBootLog],
  stages: STAGES,
  hasMade: async ({ keyDirectory }) =>
    (await import('./keys/ssh-keys.js')).hasLoginKey(keyDirectory),
  secrets: async (...given) => (await import('./keys/ssh-keys.js')).sshSecrets(...given),
  endpoint: async (...given) => (await import('./status.js')).endpoint(...given),
  preflight: async (...given) => (await import('./preflight.js')).preflight(...given),
  plan: async (...given) => (await import('./plan.js')).plan(...given),
  apply: async (...given) => (await import('./up.js')).apply(...given),
  down: async (...given) => (await import('./down.js')).down(...given),
  status: async (...given) => (await import('./status.js')).status(...given),
  applications: async (...given) => (await import('./apps-place.js')).appsPlace(...given),
  engines: async (...given) => (await import('./engines.js')).engines(...given),
  stack: async (...given) => (await import('./stack.js')).cdktfStack(...given),
};

function noVolume({ name, volume, database }: DropletSettings) {
  if (volume !== false || database.managed) return undefined;
  return {
    path: `clusters.${name}.volume`,
    message: 'is false: the data is on the droplet, and is removed with it',
    hint: 'Save the data first, then run `down` without --keep-volume.',
  };
}
