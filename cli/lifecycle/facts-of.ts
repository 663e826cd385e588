import type { ClusterSettings } from '../../cluster/settings/settings.js';
import { requireGeneration } from '../../prisma/generation.js';
import type { ClusterFacts } from '../../service/next-steps.js';

/** What the settings of a cluster say about how services get to it. */
export const factsOf = ({ name, server, gateway }: ClusterSettings): ClusterFacts => ({
  name,
  generation: requireGeneration(server.version),
  auth: server.auth,
  behindGateway: gateway !== undefined,
});
