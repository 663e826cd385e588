import type { Generation } from '../../prisma/generation.js';
import type { Form } from '../prisma-yml/service.js';
import { type CliVersion, LAST_WITH_REGISTRY } from './cli-version.js';

/** A CLI, a server and a prisma.yml to deploy. */
export interface Combination {
  /** `undefined`: unknown. */
  readonly cli: CliVersion | undefined;
  readonly generation: Generation;
  /** The server is behind a gateway of the kit. */
  readonly behindGateway: boolean;
  readonly auth: 'rsa' | 'secret';
  /** With a key pair: the server also accepts the secret derived from it. @default false */
  readonly derivedSecret?: boolean;
  readonly form: Form;
}

/** Does a combination work? */
export interface Verdict {
  readonly verdict: 'ok' | 'warning' | 'refusal';
  /** Why it does not work, or works in part; empty when it works. */
  readonly reason: string;
  /** What works instead, in full sentences. */
  readonly works: string;
}

interface Row extends Verdict {
  /** First and last minor version of the CLI. */
  readonly cli: readonly [number, number];
  /** @default - any */
  readonly generations?: string;
  readonly auth?: 'rsa' | 'secret';
  readonly behindGateway?: boolean;
  readonly forms?: readonly Form[];
}

type Case = Omit<Row, 'cli' | keyof Verdict>;

const row = (
  cli: Row['cli'],
  when: Case,
  reason: string,
  works: string,
  verdict: Row['verdict'] = 'refusal',
): Row => ({ cli, ...when, verdict, reason, works });

const BY_ENDPOINT: Case = { forms: ['endpoint', 'bare'] };
const CLUSTER_FORM =
  'Write service, stage and cluster into prisma.yml instead of endpoint. Or use a CLI from 1.7 on.';
const ENDPOINT_FORM = `Write endpoint: '\${env:PRISMA_ENDPOINT}/SERVICE/STAGE' into prisma.yml instead of service, stage and cluster.`;
const LATE = Number.POSITIVE_INFINITY;

/**
 * Which CLI can deploy to which server, tested with real CLIs and servers (docs/decisions/cli-matrix.md).
 * The first row that matches decides; a combination without a row works.
 */
const ROWS: readonly Row[] = [
  row(
    [0, 5],
    BY_ENDPOINT,
    'CLIs up to 1.5 reject a prisma.yml with endpoint, or without service and stage',
    CLUSTER_FORM,
  ),
  row(
    [6, 6],
    BY_ENDPOINT,
    'CLI 1.6 accepts endpoint, but deploys nothing, in some cases with exit code 0',
    CLUSTER_FORM,
  ),
  row(
    [12, LATE],
    { forms: ['cluster'] },
    'CLIs from 1.12 on do not support service, stage and cluster in prisma.yml',
    ENDPOINT_FORM,
  ),
  row(
    [0, LATE],
    { generations: 'A', auth: 'secret' },
    'servers up to 1.6 support key pairs only, and the registry has a shared secret for this one',
    'Add the entry again with the private key: clusterkit cluster add NAME --force --key-file FILE.',
  ),
  row(
    [0, LATE],
    { generations: 'C', behindGateway: false, auth: 'rsa' },
    'servers from 1.27 on support shared secrets only, and the registry has a key pair for this one',
    'Set a managementApiSecret for the server and store it in the registry; or use a gateway (gateway: true in clusters.yml).',
  ),
  row(
    [0, 6],
    { generations: 'BC', auth: 'secret' },
    'CLIs up to 1.6 sign with RSA keys only, and this server requires a shared secret',
    'Use a CLI from 1.8 on (npm i -D prisma@1.8.3 mkdirp@0.5). Up to server 1.26, and behind a gateway (gateway: true), server.auth: rsa works too.',
  ),
  row(
    [7, 7],
    { generations: 'C', behindGateway: false },
    'CLI 1.7 requests /cluster, which servers from 1.27 on do not have, and then writes a docker-compose.yml',
    'Use a CLI from 1.8 on, preferably prisma1 (npm i -D prisma1@1.34.12).',
  ),
  row(
    [9, LATE],
    { generations: 'A' },
    'CLIs from 1.9 on cannot sign with the key that servers up to 1.6 require, and do not use /cluster',
    'Use a CLI up to 1.8 (npm i -D prisma@1.6.3 mkdirp@0.5).',
  ),
  row(
    [9, LATE],
    { generations: 'BC', auth: 'rsa' },
    'CLIs from 1.9 on sign with a shared secret only, and this cluster has a key pair alone',
    'Set server.auth: secret for the cluster, or use a CLI up to 1.8 (npm i -D prisma@1.8.3 mkdirp@0.5).',
  ),
  row(
    [8, 8],
    { generations: 'A' },
    'CLI 1.8 deploys to servers up to 1.6, but cannot list or delete services there',
    'CLI 1.7 and older can.',
    'warning',
  ),
];

/** Looks a combination up in the table, before anything is sent. */
export function judgeCombination(combination: Combination): Verdict {
  const { cli, generation, behindGateway, form } = combination;
  if (cli === undefined) return UNKNOWN;
  const { minor } = cli;
  const auth = signsWith(minor, combination);
  const found = ROWS.find(
    (each) =>
      each.cli[0] <= minor &&
      minor <= each.cli[1] &&
      (each.generations ?? generation).includes(generation) &&
      (each.behindGateway ?? behindGateway) === behindGateway &&
      (each.auth ?? auth) === auth &&
      (each.forms ?? [form]).includes(form),
  );
  return found ?? { verdict: 'ok', reason: '', works: '' };
}

/**
 * What a CLI signs with: of the two that a server may accept, CLIs up to 1.8 use the key pair, and later ones the
 * secret derived from it.
 */
export const signsWith = (
  minor: number,
  { auth, derivedSecret }: Pick<Combination, 'auth' | 'derivedSecret'>,
): 'rsa' | 'secret' => (derivedSecret === true && minor > LAST_WITH_REGISTRY ? 'secret' : auth);

const UNKNOWN: Verdict = {
  verdict: 'warning',
  reason: 'the version of this CLI is unknown, so it may not work with the server',
  works: 'Install it into the service: npm i -D prisma1@1.34.12, or an older prisma.',
};

/** The command that installs a CLI for a server. */
export function cliFor({
  generation,
  behindGateway,
  auth,
  derivedSecret = false,
  form,
}: Omit<Combination, 'cli'>): string {
  const isLate = derivedSecret && form !== 'cluster';
  if (auth === 'secret' || isLate || (generation === 'C' && !behindGateway)) {
    return form === 'cluster' ? 'npm i -D prisma@1.8.3 mkdirp@0.5' : 'npm i -D prisma1@1.34.12';
  }
  return form === 'cluster' && generation === 'A'
    ? 'npm i -D prisma@1.6.3 mkdirp@0.5'
    : 'npm i -D prisma@1.8.3 mkdirp@0.5';
}
