import { lookup } from 'node:dns/promises';
import { connect } from 'node:tls';
import { AbortError } from 'p-retry';
import { environmentError } from '../../lib/errors.js';
import { retryUntil } from '../../lib/retry-until.js';
import { refusalOf } from '../../prisma/probe/certificate-refused.js';
import type { ServerTrust } from '../../prisma/probe/server-trust.js';
import type { ContainerEvidence } from './container-evidence.js';

/** A domain, and the address that it must resolve to. */
export interface DomainPlace {
  readonly domain: string;
  readonly address: string;
}

/**
 * Requires that the domain resolves to the cluster: otherwise no authority issues a certificate for it.
 * @throws KitError `domain-elsewhere` (exit 3) with the record to create
 */
export async function requireDomain(place: DomainPlace): Promise<void> {
  const problem = await domainProblem(place);
  if (problem === undefined) return;
  throw environmentError('domain-elsewhere', {
    path: place.domain,
    message: problem,
    hint: `Create this record at the domain's DNS provider, and run the command again: it continues from here.\n${recordOf(place)}`,
  });
}

/** Why a domain does not resolve to its cluster; `undefined`: it does. */
export async function domainProblem({ domain, address }: DomainPlace): Promise<string | undefined> {
  const found = await lookup(domain, { all: true }).catch(() => []);
  const addresses = found.map((each) => each.address);
  if (addresses.includes(address)) return undefined;
  return addresses.length === 0
    ? 'the domain does not resolve yet'
    : `the domain resolves to ${addresses.join(', ')}, but the cluster is at ${address}`;
}

/** The DNS record, in the form of zone files. */
export const recordOf = ({ domain, address }: DomainPlace) => `  A  ${domain}  ->  ${address}`;

/** After this time the proxy is restarted: after a failure it waits long before it tries again. */
const IMPATIENT_MS = 30_000;

/**
 * Waits until a proxy has the certificate of its domain. The probes check its validity later.
 * @throws KitError `certificate-missing` (exit 3) with the end of the proxy's log
 */
export async function awaitCertificate(props: {
  /** Such as `https://api.example.com`. */
  readonly endpoint: string;
  readonly trust?: ServerTrust | undefined;
  /** Of the proxy. */
  readonly proxy: Pick<ContainerEvidence, 'evidence' | 'restart'>;
  /** @default 180000 */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}): Promise<void> {
  const { endpoint, trust, proxy, timeoutMs = 180_000, signal } = props;
  const startedAt = performance.now();
  let isRestarted = false;
  const attempt = async () => {
    try {
      await handshake(endpoint, trust);
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
    throw environmentError('certificate-missing', {
      path: endpoint,
      message: `the proxy has no certificate after ${Math.round(timeoutMs / 1000)} s (${cause instanceof Error ? cause.message : cause})`,
      hint: `The authority connects to port 80 of the domain, from any address. Run the command again: it continues from here.\nLast lines of the proxy's log:\n${await proxy.evidence()}`,
      cause,
    });
  }
}

function handshake(endpoint: string, trust: ServerTrust | undefined): Promise<void> {
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
