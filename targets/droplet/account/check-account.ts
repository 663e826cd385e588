import { type Account, accountAnswer } from '../../../clients/digitalocean/answers.js';
import type { Api } from '../../../clients/digitalocean/api.js';
import { hasStatus } from '../../../clients/digitalocean/api-error.js';
import { environmentError, type KitError, type Problem, usageError } from '../../../lib/errors.js';
import type { DropletSettings } from '../settings.js';
import { type AccountFacts, readAccountFacts } from './account-facts.js';
import { dataProblems } from './data-problems.js';
import { diskProblems } from './disk-problems.js';
import { kitObjects } from './kit-objects.js';
import { databaseProblems, offerProblems } from './managed-problems.js';
import { memoryProblems } from './memory-problems.js';
import { isOwn, nameProblems, type OwnershipEvidence } from './name-problems.js';
import { placeProblems } from './place-problems.js';
import { missingScopes } from './scopes.js';
import { standingProblems, standingWarnings } from './standing-problems.js';

/**
 * Checks everything on the account that could prevent the cluster: scopes, standing, limits, region and
 * size, names. Creates nothing.
 *
 * @param evidence of ownership; without it names are not checked
 * @throws ApiError when the account cannot be read at all
 */
export async function checkAccount(
  api: Api,
  settings: DropletSettings,
  evidence: OwnershipEvidence | undefined,
) {
  const account = await readAccount(api);
  const isLocked = account?.status === 'locked';
  const [facts, lacking] = await Promise.all([
    readAccountFacts(api, settings),
    // A locked account responds as for a missing scope.
    isLocked ? [] : missingScopes(api, settings),
  ]);
  const own = kitObjects(facts.objects).filter(({ cluster }) => cluster === settings.name);
  const scopes = [
    ...(account === undefined ? ['account:read'] : []),
    ...facts.missingScopes.filter((scope) => isNeeded(scope, settings)).sort(),
    ...lacking,
  ];
  const standing = account ? standingProblems(settings, account, facts.objects, own) : [];
  const names = evidence ? nameProblems(settings, facts.objects, own, evidence) : [];
  const isOurs = evidence !== undefined && isOwn(own, evidence);
  const { volumes, databases } = facts.objects;
  const data = isOurs ? dataProblems(settings, volumes, own, evidence.knownIds) : [];
  const { droplets } = facts.objects;
  const disk = isOurs ? diskProblems(settings, { droplets, sizes: facts.sizes }, own) : [];
  const memory = memoryProblems(settings, facts.sizes);
  const managed = isOurs ? databaseProblems(settings, databases, own) : [];
  const place = [...placeProblems(settings, facts), ...offerProblems(settings, facts.databases)];
  const errors = [
    ...from(scopeProblems(scopes), (problems) => environmentError('token-scopes', problems)),
    ...from(standing, (problems) => environmentError('account-unfit', problems)),
    ...from(place, (problems) => usageError('place-unknown', problems)),
    ...from(names, (problems) => usageError('cluster-elsewhere', problems)),
    ...from(data, (problems) => usageError('volume-unfit', problems)),
    ...from(disk, (problems) => usageError('size-unfit', problems)),
    ...from(memory, (problems) => usageError('memory-short', problems)),
    ...from(managed, (problems) => usageError('managed-database-unfit', problems)),
  ];
  const warnings = [
    ...(account ? standingWarnings(account) : []),
    ...memoryWarnings(),
    ...(settings.reservedIp ? idleAddresses(settings, facts, evidence) : []),
  ];
  return { facts, own, warnings, errors };

  function memoryWarnings(): string[] {
    const size = facts.sizes?.find(({ slug }) => slug === settings.size);
    if (size === undefined || size.memory >= NEEDED_MB) return [];
    return [
      `size '${size.slug}' has ${size.memory} MB of memory; upstream's servers run out of memory below ${NEEDED_MB} MB`,
    ];
  }
}

const NEEDED_MB = 2048;

/** Their owner is unknown, because they have no tag; one may be left over after a lost response. */
function idleAddresses(
  { region }: DropletSettings,
  { objects }: AccountFacts,
  evidence: OwnershipEvidence | undefined,
): string[] {
  const idle = (objects.reservedIps ?? []).filter(
    (one) => !one.droplet && one.region === region && !evidence?.knownIds?.has(one.ip),
  );
  return idle.map(
    ({ ip }) =>
      `reserved address ${ip} in ${region} is not assigned, and costs more than an assigned one; to remove it: clusterkit sweep ${ip} --remove`,
  );
}

async function readAccount(api: Api): Promise<Account | undefined> {
  try {
    return (await api.get('/v2/account', accountAnswer)).account;
  } catch (error) {
    if (hasStatus(error, 403)) return undefined;
    throw error;
  }
}

/** Scopes for kinds of objects that the cluster does not have are optional. */
function isNeeded(scope: string, settings: DropletSettings): boolean {
  const { volume, reservedIp, project, database } = settings;
  if (scope.startsWith('block_storage:')) return volume !== false;
  if (scope.startsWith('reserved_ip:')) return reservedIp;
  if (scope.startsWith('project:')) return project !== undefined;
  if (scope.startsWith('database:')) return database.managed !== undefined;
  return true;
}

const scopeProblems = (scopes: readonly string[]): Problem[] =>
  scopes.length === 0
    ? []
    : [
        {
          path: 'DIGITALOCEAN_TOKEN',
          message: `the token lacks ${scopes.length === 1 ? 'the scope' : 'the scopes'} ${scopes.join(', ')}`,
          hint: 'Create a token that also has these scopes, or one with full access, in the control panel under API > Tokens.',
        },
      ];

const from = (problems: readonly Problem[], make: (problems: readonly Problem[]) => KitError) =>
  problems.length === 0 ? [] : [make(problems)];
