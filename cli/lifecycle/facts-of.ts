import { acceptsDerivedSecret } from '../../cluster/settings/accepts-derived-secret.js';
import type { ClusterSettings } from '../../cluster/settings/settings.js';
import type { Served } from '../../lifecycle/served-before.js';
import { requireGeneration } from '../../prisma/generation.js';
import { afterChange, type ClusterFacts } from '../../service/next-steps.js';

/** What the settings of a cluster say about how services get to it. */
export const factsOf = (settings: ClusterSettings): ClusterFacts => {
  const { name, server, gateway } = settings;
  return {
    name,
    generation: requireGeneration(server.version),
    auth: server.auth,
    behindGateway: gateway !== undefined,
    derivedSecret: acceptsDerivedSecret(settings),
  };
};

/** What services need after a change of server, authentication or gateway. */
export function changeNotes(settings: ClusterSettings, before: Served | undefined): string[] {
  if (before === undefined) return [];
  const { version, auth, gateway, derivedSecret } = before;
  const generation = requireGeneration(version);
  return afterChange(
    settings.name,
    { generation, auth, behindGateway: gateway, derivedSecret },
    factsOf(settings),
  );
}
