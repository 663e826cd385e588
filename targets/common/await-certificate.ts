import { lookup } from 'node:dns/promises';
import { connect } from 'node:tls';
import { AbortError } from 'p-retry';
import { environmentError } from '../../lib/errors.js';
import { retryUntil } from '../../lib/retry-until.js';
import { refusalOf } from '../../prisma/probe/certificate-refused.js';
import type { ServerTrust } from '../../prisma/probe/server-trust.js';
import type { ContainerEvidence } from './container-evidence.js';

/** Whose name, and where it has to lead. */
export interface DomainPlace {
  readonly domain: string;
  readonly address: string;
}

/**
 * The domain leads to the cluster: before, no authority gives a certificate for it.
 * @throws KitError `domain-elsewhere` (exit 3) with the record to make
 */
export async function requireDomain(place: DomainPlace): Promise<void> {
  const problem = await domainProblem(place);
  if (problem === undefined) return;
  throw environmentError('domain-elsewhere', {
    path: place.domain,
    message: problem,
    hint: `Make this record where the domain is kept, and run the command again: it goes on from here.\n${recordOf(place)}`,
  });
}

/** Where a domain leads instead; `undefined`: to its cluster. */
export async function domainProblem({ domain, address }: DomainPlace): Promise<string | undefined> {
  const found = await lookup(domain, { all: true }).catch(() => []);
  const addresses = found.map((each) => each.address);
  if (addresses.includes(address)) return undefined;
  return addresses.length === 0
    ? 'the domain leads nowhere yet'
    : `the domain leads to ${addresses.join(', ')}, and the cluster is at ${address}`;
}

/** As zone files and most forms take it. */
export const recordOf = ({ domain, address }: DomainPlace) => `  A  ${domain}  ->  ${address}`;

/** What {@link awaitCertificate} takes. */
export interface CertificateWait {
  /** Such as `https://api.example.com`. */
  readonly endpoint: string;
  readonly trust?: ServerTrust | undefined;
  /** Of the proxy. */
  readonly proxy: Pick<ContainerEvidence, 'evidence' | 'restart'>;
  /** @default 180000 */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** After this long the proxy is made to try again: an earlier failure makes it pause for long. */
const IMPATIENT_MS = 30_000;

/**
 * Waits until a proxy has the certificate of its domain. One that is no good is left to the probes.
 * @throws KitError `certificate-missing` (exit 3) with the proxy's own words
 */
export async function awaitCertificate(props: CertificateWait): Promise<void> {
  const { endpoint, trust, proxy, timeoutMs = 180_000, signal } = props;
  const startedAt = performance.now();
  let isRestarted = false;
  const attempt = async () => {
    try {
      await shakeHands(endpoint, trust);
    } catch (error) {
      if ((await refusalOf(error, endpoint, trust)) !== undefined) return;
      if (!(error instanceof Error)) throw new AbortError(String(error));
      if (!isRestarted && performance.now() - startedAt > Math.min(IMPATIENT_MS, timeoutMs / 3)) {
        isRestarted = true;
        await proxy.restart().catch(() => undefined);
      }
      throw error;
    }
  };
  try {
    await retryUntil(attempt, { timeoutMs, signal });
  } catch (cause) {
    signal?.throwIfAborted();
    throw environmentError(
      'certificate-missing',
      {
        path: endpoint,
        message: `the proxy has no certificate after ${Math.round(timeoutMs / 1000)} s (${cause instanceof Error ? cause.message : cause})`,
        hint: `The authority asks for it on port 80 of the domain, from wherever it is. Run the command again: it goes on from here.\nLast lines of the proxy's log:\n${await proxy.evidence()}`,
      },
      cause,
    );
  }
}

function shakeHands(endpoint: string, trust: ServerTrust | undefined): Promise<void> {
  const { hostname, port } = new URL(endpoint);
  return new Promise((resolve, reject) => {
    const socket = connect({
      ...{ host: hostname, port: Number(port || 443), servername: hostname },
      ...(trust && { ca: trust.ca }),
    });
    const end = (error?: Error) => {
      socket.destroy();
      if (error === undefined) resolve();
      else reject(error);
    };
    socket.setTimeout(5000, () => end(new Error('no answer within 5 s')));
    socket.once('error', end);
    socket.once('secureConnect', () => end());
  });
}
