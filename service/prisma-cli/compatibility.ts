import type { Generation } from '../../prisma/generation.js';
import type { Form } from '../prisma-yml/service.js';
import type { CliVersion } from './cli-version.js';

/** What is about to meet. */
export interface Meeting {
  /** `undefined`: nothing tells it. */
  readonly cli: CliVersion | undefined;
  readonly generation: Generation;
  /** A gateway of the kit stands before the server. */
  readonly behindGateway: boolean;
  readonly auth: 'rsa' | 'secret';
  readonly form: Form;
}

/** What is known of a meeting. */
export interface Verdict {
  readonly verdict: 'ok' | 'warning' | 'refusal';
  /** Why not, or why with care; empty when it is well. */
  readonly reason: string;
  /** What would work, full sentences. */
  readonly works: string;
}

interface Row extends Verdict {
  /** First and last minor version of the CLI. */
  readonly cli: readonly [number, number];
  readonly generations: string;
  readonly auth: 'rsa' | 'secret' | 'any';
  /** @default - with and without a gateway */
  readonly behindGateway?: boolean;
  readonly forms: readonly Form[];
}

const ANY = { generations: 'ABC', auth: 'any', forms: ['cluster', 'endpoint', 'bare'] } as const;
const BY_ENDPOINT: readonly Form[] = ['endpoint', 'bare'];
const CLUSTER_FORM = 'Write service, stage and cluster into prisma.yml instead of endpoint.';
const ENDPOINT_FORM = `Write endpoint: '\${env:PRISMA_ENDPOINT}/SERVICE/STAGE' into prisma.yml instead of service, stage and cluster.`;
const LATE = Number.POSITIVE_INFINITY;

/**
 * Which CLI may deploy to which server, measured with real CLIs and real servers
 * (docs/decisions/cli-matrix.md). The first row that fits counts; what fits none is well.
 */
const ROWS: readonly Row[] = [
  {
    ...ANY,
    cli: [0, 5],
    forms: BY_ENDPOINT,
    verdict: 'refusal',
    reason: 'CLIs up to 1.5 call a prisma.yml with endpoint, or without service and stage, invalid',
    works: `${CLUSTER_FORM} Or take a CLI from 1.7 on.`,
  },
  {
    ...ANY,
    cli: [6, 6],
    forms: BY_ENDPOINT,
    verdict: 'refusal',
    reason: 'CLI 1.6 accepts endpoint, then deploys nothing, in some cases with exit code 0',
    works: `${CLUSTER_FORM} Or take a CLI from 1.7 on.`,
  },
  {
    ...ANY,
    cli: [12, LATE],
    forms: ['cluster'],
    verdict: 'refusal',
    reason: 'CLIs from 1.12 on do not take service, stage and cluster in prisma.yml',
    works: ENDPOINT_FORM,
  },
  {
    ...ANY,
    cli: [0, LATE],
    generations: 'A',
    auth: 'secret',
    verdict: 'refusal',
    reason:
      'servers up to 1.6 know key pairs alone, and the registry has a shared secret for this one',
    works:
      'Add the entry again with the private key: clusterkit cluster add NAME --force --key-file FILE.',
  },
  {
    ...ANY,
    cli: [0, LATE],
    generations: 'C',
    behindGateway: false,
    auth: 'rsa',
    verdict: 'refusal',
    reason:
      'servers from 1.27 on know shared secrets alone, and the registry has a key pair for this one',
    works:
      'Give the server a managementApiSecret, and the registry the same; or put a gateway before it (gateway: true in clusters.yml).',
  },
  {
    ...ANY,
    cli: [0, 6],
    generations: 'BC',
    auth: 'secret',
    verdict: 'refusal',
    reason: 'CLIs up to 1.6 sign with RSA keys alone, and this server wants a shared secret',
    works:
      'Take a CLI from 1.8 on (npm i -D prisma@1.8.3 mkdirp@0.5). Up to server 1.26, and behind a gateway (gateway: true), server.auth: rsa works too.',
  },
  {
    ...ANY,
    cli: [7, 7],
    generations: 'C',
    behindGateway: false,
    verdict: 'refusal',
    reason:
      'CLI 1.7 asks for /cluster, which servers from 1.27 on do not have, and then writes a docker-compose.yml',
    works: 'Take a CLI from 1.8 on, better prisma1 (npm i -D prisma1@1.34.12).',
  },
  {
    ...ANY,
    cli: [9, LATE],
    generations: 'A',
    verdict: 'refusal',
    reason:
      'CLIs from 1.9 on cannot sign with the key that servers up to 1.6 want, nor do they ask at /cluster',
    works: 'Take a CLI up to 1.8 (npm i -D prisma@1.6.3 mkdirp@0.5).',
  },
  {
    ...ANY,
    cli: [9, LATE],
    generations: 'BC',
    auth: 'rsa',
    verdict: 'refusal',
    reason: 'CLIs from 1.9 on sign with a shared secret alone, and this cluster has a key pair',
    works:
      'Say server.auth: secret for the cluster, or take a CLI up to 1.8 (npm i -D prisma@1.8.3 mkdirp@0.5).',
  },
  {
    ...ANY,
    cli: [8, 8],
    generations: 'A',
    verdict: 'warning',
    reason: 'CLI 1.8 deploys to servers up to 1.6, but cannot list or delete services there',
    works: 'CLI 1.7 and older can.',
  },
];

/** What is known of a CLI, a server and a prisma.yml that meet, before anything is sent. */
export function judgeMeeting(meeting: Meeting): Verdict {
  const { cli, generation, behindGateway, auth, form } = meeting;
  if (cli === undefined) return UNKNOWN;
  const { minor } = cli;
  const row = ROWS.find(
    (each) =>
      each.cli[0] <= minor &&
      minor <= each.cli[1] &&
      each.generations.includes(generation) &&
      (each.behindGateway ?? behindGateway) === behindGateway &&
      (each.auth === 'any' || each.auth === auth) &&
      each.forms.includes(form),
  );
  return row ?? { verdict: 'ok', reason: '', works: '' };
}

const UNKNOWN: Verdict = {
  verdict: 'warning',
  reason: 'nothing tells the version of this CLI, so nobody knows whether it fits the server',
  works: 'Install it into the service: npm i -D prisma1@1.34.12, or an older prisma.',
};

/** What to install for a server, as commands. */
export function cliFor({ generation, behindGateway, auth, form }: Omit<Meeting, 'cli'>): string {
  if (auth === 'secret' || (generation === 'C' && !behindGateway)) {
    return form === 'cluster' ? 'npm i -D prisma@1.8.3 mkdirp@0.5' : 'npm i -D prisma1@1.34.12';
  }
  return form === 'cluster' && generation === 'A'
    ? 'npm i -D prisma@1.6.3 mkdirp@0.5'
    : 'npm i -D prisma@1.8.3 mkdirp@0.5';
}
