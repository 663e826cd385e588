import { type CommonFacts, commonFacts, type StagePlaces } from '../common/stages/facts.js';
import { endpointOf } from './address.js';
import type { DockerSettings } from './settings.js';

/** All facts about a cluster on this machine. */
export const dockerFacts = (
  settings: DockerSettings,
  places: Omit<StagePlaces, 'identity'>,
): CommonFacts & { readonly endpoint: string } => ({
  ...commonFacts(settings, places),
  endpoint: endpointOf(settings),
});
