import { knownState, readState } from '../../../clients/terraform/state/read-state.js';
import { stateFile } from '../../../cluster/project.js';
import { domainProblem, recordOf } from '../../common/await-certificate.js';
import { inputIn } from '../../common/stages/input-in-state.js';
import { registerStage } from '../../common/stages/register.js';
import type { ClusterContext } from '../../context.js';
import type { DropletSettings } from '../settings.js';

/**
 * Warnings about a cluster's domain, and those of its applications, before `up` needs them: while one resolves to
 * another address, no authority issues a certificate.
 */
export async function domainWarnings(
  { name, tls, reservedIp, apps = [] }: DropletSettings,
  { project }: ClusterContext,
): Promise<string[]> {
  if (tls?.kind !== 'acme') return [];
  const ofApps = apps.flatMap(({ domains }) => domains);
  const all = [tls.domain, ...ofApps];
  const state = knownState(await readState(stateFile(project.stateDir, name)));
  const address = state && inputIn(state, registerStage)?.address;
  if (address !== undefined) {
    const problems = await Promise.all(all.map((domain) => domainProblem({ domain, address })));
    return all.flatMap((domain, index) => {
      const problem = problems[index];
      if (problem === undefined) return [];
      return [`${domain}: ${problem}. Create this record:\n${recordOf({ domain, address })}`];
    });
  }
  const stays = reservedIp ? '' : ' With reservedIp: true the address outlives the droplet.';
  const others = ofApps.length === 0 ? '' : ` So must ${ofApps.join(', ')}.`;
  return [
    `${tls.domain} must resolve to the droplet, whose address is known once it exists: the first up stops there, the next one continues.${others}${stays}`,
  ];
}
