import { DOCKER_PROVIDER } from '../../clients/terraform/built-provider.js';
import type { Findings, Target } from '../target.js';
import { endpointOf, formerEndpointOf } from './address.js';
import { type DockerSettings, dockerSettings } from './settings.js';
import { STAGES } from './stages/all.js';

/** Clusters on the Docker engine of this machine. Code is loaded when a command uses it. */
export const docker: Target<DockerSettings, Findings> = {
  name: 'docker',
  settings: dockerSettings,
  runsHere: true,
  resourcePrefix: 'docker_',
  provider: DOCKER_PROVIDER.source,
  keepData: { option: '--keep-data' },
  stages: STAGES,
  endpoint: async (settings) => endpointOf(settings),
  formerEndpoint: formerEndpointOf,
  preflight: async (...given) => (await import('./preflight.js')).preflight(...given),
  plan: async (...given) => (await import('./plan.js')).plan(...given),
  apply: async (...given) => (await import('./up.js')).apply(...given),
  down: async (...given) => (await import('./down.js')).down(...given),
  status: async (settings, context) => (await import('./status.js')).status(settings, context),
  applications: async (...given) => (await import('./apps-place.js')).appsPlace(...given),
  engines: async (place) => (await import('./engines.js')).engines(place),
  stack: async (...given) => (await import('./stack.js')).cdktfStack(...given),
};
