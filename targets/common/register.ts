import { clusterOfKeys } from '../../cluster/identity.js';
import {
  type ClusterSecrets,
  readClusterSecrets,
  readSecrets,
} from '../../cluster/keys/key-store.js';
import { environmentError, KitError, type Problem } from '../../lib/errors.js';
import type { Secret } from '../../lib/secret.js';
import { requireGeneration } from '../../prisma/generation.js';
import { awaitServer } from '../../prisma/probe/await-server.js';
import type { ServerVersion } from '../../prisma/probe/read-version.js';
import { requireClosed } from '../../prisma/probe/require-closed.js';
import { type ServerTrust, trustIn } from '../../prisma/probe/server-trust.js';
import { foreignTokens, newForeignCredentials } from '../../prisma/tokens/foreign-credentials.js';
import { ownTokens } from '../../prisma/tokens/own-tokens.js';
import {
  type RemoveOutcome,
  removeEntry,
  type WriteOutcome,
  writeEntry,
} from '../../registry/file/change-entries.js';
import { readRegistry } from '../../registry/file/read-registry.js';
import { registryFiles } from '../../registry/file/registry-files.js';
import { registryPath } from '../../registry/file/registry-path.js';
import { readShadow } from '../../registry/file/shadow-copy.js';
import { awaitCertificate, requireDomain } from './await-certificate.js';
import { type ContainerEvidence, containerEvidence } from './container-evidence.js';
import { entryOwnerOf, readOwner } from './owner.js';
import type { Facts } from './stages/facts.js';
import type { StageContext } from './stages/stage.js';
import { StepLog } from './step-log.js';
import { certificateOf } from './tls-configuration.js';

/** Long enough for three requests, short enough to be useless later. */
const PROBE_TTL_SECONDS = 60;

/** Result of {@link register}. */
export interface Registration {
  readonly server: ServerVersion;
  readonly entry: WriteOutcome;
}

/** Input of a registration. */
export type Registrable = Pick<
  Facts,
  'cluster' | 'keyDirectory' | 'auth' | 'version' | 'endpoint' | 'address' | 'registry' | 'tls'
>;

/** The part of a stage's context that {@link register} uses. */
export type RegisterContext = Pick<StageContext, 'signal' | 'machines'> & {
  /** @default - not reported */
  readonly onStep?: StageContext['onStep'];
};

/**
 * Verifies that the server answers and refuses foreign credentials, and only then writes its
 * registry entry. Running it again repairs a registration.
 */
export async function register(
  input: Registrable,
  context: RegisterContext,
  secrets?: ClusterSecrets,
): Promise<Registration> {
  const log = new StepLog(context.onStep);
  const known = secrets ?? (await readSecrets(input.keyDirectory, input.auth));
  if (known === undefined) throw secretsMissing(input.keyDirectory);
  const { clusterSecret, databasePassword } = known;
  const container = containerEvidence({
    cluster: input.cluster,
    role: 'server',
    machines: context.machines,
    secrets: [clusterSecret, databasePassword],
  });
  try {
    return await verify(input, clusterSecret, container, log, context);
  } finally {
    await container.close();
  }
}

async function verify(
  input: Registrable,
  clusterSecret: Secret,
  container: ContainerEvidence,
  log: StepLog,
  context: RegisterContext,
): Promise<Registration> {
  const { signal } = context;
  const { stateDir, cluster } = clusterOfKeys(input.keyDirectory);
  // Generated while the server starts, because it takes longer than a request.
  const foreignCredentials = newForeignCredentials();
  const certificate = await certificateOf(input.tls, input.keyDirectory);
  const trust = certificate === undefined ? undefined : trustIn(certificate);
  if (input.tls?.kind === 'acme') await verifyDomain(input, trust, log, context);
  const server = await awaitServer({
    host: input.endpoint,
    trust,
    whyHopeless: container.whyHopeless,
    evidence: container.evidence,
    signal,
  });

  log.done('server', 'answers');
  const differs = generationProblem(server, input);
  const signing = { clusterSecret, ttlSeconds: PROBE_TTL_SECONDS, now: new Date() };
  await requireClosed({
    host: input.endpoint,
    trust,
    path: server.path,
    ...(await ownTokens(signing, server)),
    foreignTokens: await foreignTokens({
      ...signing,
      foreignCredentials: await foreignCredentials,
    }),
    evidence: container.evidence,
    signal,
  }).catch(explained(differs));
  if (differs !== undefined) throw environmentError('server-version-differs', differs);

  log.done('auth check', 'refuses foreign credentials');
  const entry = await writeEntry(
    input.registry,
    { name: input.cluster, host: input.endpoint, clusterSecret },
    { certificate, claimant: entryOwnerOf(await readOwner(stateDir, cluster, input.registry)) },
  );
  log.done('registry entry', entry);
  return { server, entry };
}

/** Verifies that the domain resolves to the cluster, and that the proxy has its certificate. */
async function verifyDomain(
  { tls, address, endpoint, cluster }: Registrable,
  trust: ServerTrust | undefined,
  log: StepLog,
  { signal, machines }: RegisterContext,
): Promise<void> {
  if (tls?.kind !== 'acme' || address === undefined) return;
  await requireDomain({ domain: tls.domain, address });
  const proxy = containerEvidence({ cluster, role: 'proxy', machines, secrets: [] });
  try {
    await awaitCertificate({ endpoint, trust, proxy, signal });
  } finally {
    await proxy.close();
  }
  log.done('certificate', `of ${tls.domain}`);
}

const secretsMissing = (path: string) =>
  environmentError('key-store-incomplete', {
    path,
    message: 'a secret of the cluster is missing',
    hint: 'Run `clusterkit up`, which configures the cluster again.',
  });

/** A server that was configured for another generation may accept or refuse all requests. */
function generationProblem(
  { version, generation }: ServerVersion,
  { cluster, version: expected }: Registrable,
): Problem | undefined {
  if (generation === requireGeneration(expected)) return undefined;
  return {
    path: `clusters.${cluster}.server.version`,
    message: `the server is ${version}, but was configured as ${expected}`,
    hint: `Set version: "${version}", or use an image of ${expected}.`,
  };
}

/** Adds a wrong version to the error of the auth check: it is the likely reason. */
const explained =
  (reason: Problem | undefined) =>
  (error: unknown): never => {
    if (reason === undefined || !(error instanceof KitError)) throw error;
    const { code, exitCode, problems } = error;
    throw new KitError(code, exitCode, [...problems, reason], { cause: error });
  };

/**
 * The registry of a removal whose input a state has. Another one than that of this command has to have the kit's
 * record of this cluster, such as that of another `HOME`: otherwise the present one is meant.
 */
export async function releasableRegistry(
  { keyDirectory, registry }: Pick<Facts, 'keyDirectory' | 'registry'>,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const present = registryPath({ env, platform: process.platform });
  if (registry === present) return present;
  const { stateDir, cluster } = clusterOfKeys(keyDirectory);
  const { identity } = entryOwnerOf(await readOwner(stateDir, cluster));
  const secrets = (await readClusterSecrets(keyDirectory)).map((each) => each.reveal());
  const records = [...(await readShadow((await registryFiles(registry)).shadow)).values()];
  const isRecorded = records.some(({ owner, clusterSecret }) =>
    owner ? owner.identity === identity : secrets.includes(clusterSecret?.reveal() ?? ''),
  );
  return isRecorded ? registry : present;
}

/**
 * Removes the cluster's registry entry, before anything else of the cluster; also one that was renamed.
 * Leaves an entry of its name that belongs to somebody else.
 */
export async function release({
  keyDirectory,
  registry: path,
}: Pick<Facts, 'keyDirectory' | 'registry'>): Promise<RemoveOutcome> {
  const { stateDir, cluster } = clusterOfKeys(keyDirectory);
  const owner = entryOwnerOf(await readOwner(stateDir, cluster, path));
  const onlyIfOurs = { secrets: await readClusterSecrets(keyDirectory), owner };
  const registry = await readRegistry(path);
  const renamed = registry.entries.filter(
    ({ name }) => name !== cluster && registry.owned.get(name)?.owner?.identity === owner.identity,
  );
  for (const { name } of renamed) await removeEntry(path, name, { onlyIfOurs });
  const outcome = await removeEntry(path, cluster, { onlyIfOurs });
  return outcome === 'absent' && renamed.length > 0 ? 'removed' : outcome;
}
