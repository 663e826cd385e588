import { stateFile } from '../../lib/project.js';
import type { DropletSettings } from '../../lib/settings/cluster-settings.js';
import { inputInState } from '../../lib/terraform/state-inputs.js';
import { domainProblem, recordOf } from '../../scripts/await-certificate.js';
import type { ClusterWorld } from '../cluster-world.js';

/**
 * What people should know of a cluster's domain before `up` comes to it: while it leads elsewhere, no
 * authority gives a certificate.
 */
export async function domainWarnings(
  { name, tls, reservedIp }: DropletSettings,
  { project }: ClusterWorld,
): Promise<string[]> {
  if (tls?.kind !== 'acme') return [];
  const { domain } = tls;
  const told = await inputInState(stateFile(project.stateDir, name), 'register').catch(() => {});
  const address = told?.address;
  if (address !== undefined) {
    const problem = await domainProblem({ domain, address });
    if (problem === undefined) return [];
    return [`${domain}: ${problem}. Make this record:\n${recordOf({ domain, address })}`];
  }
  const stays = reservedIp ? '' : ' With reservedIp: true that address outlives the droplet.';
  return [
    `${domain} has to lead to the droplet, whose address is told when it is there; up ends there, and goes on when it is called again.${stays}`,
  ];
}
