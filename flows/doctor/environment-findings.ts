import type { DoctorFacts } from './doctor-facts.js';
import { type Finding, finding } from './finding.js';

const VARIABLE = 'PRISMA_MANAGEMENT_API_SECRET';

/** What the environment, or a session left in the file, makes of a registry that is well. */
export function environmentFindings({ path, content, env, keys }: DoctorFacts): Finding[] {
  if (content.state !== 'sound') return [];
  const { entries, cloudSessionKey } = content.registry;
  const findings: Finding[] = [];
  if (env[VARIABLE]) {
    const names = entries
      .filter(({ name }) => keys.get(name)?.kind === 'rsa')
      .map(({ name }) => `'${name}'`);
    if (names.length > 0) {
      const shown = names.length > 5 ? `${names.slice(0, 5).join(', ')}, …` : names.join(', ');
      findings.push(
        finding('management-secret-set', {
          path,
          message: `${VARIABLE} is set, so the CLIs 1.7 and 1.8 sign with it and ignore the keys of ${shown}: their servers refuse that.`,
          mend: ['unset', VARIABLE],
        }),
      );
    }
  }
  if (cloudSessionKey) {
    findings.push(
      finding('cloud-session', {
        path,
        message: 'A session of the hosted cloud is left in the registry. That cloud is gone.',
        mend: ['clusterkit', 'logout'],
      }),
    );
  }
  return findings;
}
