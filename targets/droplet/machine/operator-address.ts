import { connect, isIP, type Socket } from 'node:net';
import ipaddr from 'ipaddr.js';
import { type Problem, usageError } from '../../../lib/errors.js';

/** What decides from where a cluster may be reached when its settings do not say. */
export interface OperatorQuestion {
  /** What `--source` gave. */
  readonly flags: readonly string[];
  /** `CLUSTERKIT_SOURCE` is read when there are no flags; several are parted by commas. */
  readonly env: NodeJS.ProcessEnv;
  /** Address of the API. */
  readonly apiUrl: string;
  /** This end of a connection to that address. @default {@link ownEndOf} */
  readonly ownEnd?: (url: string) => Promise<string>;
}

const VARIABLE = 'CLUSTERKIT_SOURCE';

/**
 * From where the operator comes, as blocks of addresses: what was given, else this end of a
 * connection to the API when it is public. Behind a router it is not, and then only a person knows:
 * nothing is guessed, and nobody else is asked.
 *
 * @throws KitError `source-invalid`, `source-unknown` (exit 2)
 */
export async function operatorSources(question: OperatorQuestion): Promise<string[]> {
  const { flags, env, apiUrl, ownEnd = ownEndOf } = question;
  const words =
    env[VARIABLE]
      ?.split(',')
      .map((word) => word.trim())
      .filter(Boolean) ?? [];
  if (flags.length > 0) return blocks(flags, '--source');
  if (words.length > 0) return blocks(words, VARIABLE);
  const own = await ownEnd(apiUrl).then(
    (address) => ({ address, why: `this machine's own address, ${address}, is not public` }),
    (error: unknown) => ({
      address: '',
      why: `no connection shows it (${error instanceof Error ? error.message : error})`,
    }),
  );
  if (isPublic(own.address)) return blocks([own.address], 'address');
  throw usageError('source-unknown', {
    message: `from where you reach the cluster is not known: ${own.why}`,
    hint: `Give the address that the world sees you under: --source 203.0.113.7, or ${VARIABLE}, or ssh.sources and management.sources in the file of clusters. The router, or any page that shows it, tells.`,
  });
}

/**
 * The address that `url` sees a connection of this machine come from, if nothing rewrites it. IPv4,
 * since droplets are reached that way.
 */
export async function ownEndOf(url: string): Promise<string> {
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  let socket: Socket | undefined;
  try {
    return await new Promise<string>((resolve, reject) => {
      socket = connect({
        host,
        port: Number(port) || (protocol === 'http:' ? 80 : 443),
        ...(isIP(host) === 0 && { family: 4 }),
        timeout: 5000,
      });
      socket.once('connect', () => resolve(socket?.localAddress ?? ''));
      socket.once('timeout', () => reject(new Error('no connection within 5 s')));
      socket.once('error', reject);
    });
  } finally {
    socket?.destroy();
  }
}

function isPublic(address: string): boolean {
  return isIP(address) !== 0 && ipaddr.process(address).range() === 'unicast';
}

function blocks(texts: readonly string[], path: string): string[] {
  const problems: Problem[] = [];
  const known = texts.flatMap((text) => {
    const block = blockOf(text);
    if (block === undefined) {
      problems.push({
        path,
        message: `'${text}' is no address and no block of addresses`,
        hint: 'Write it such as 203.0.113.7 or 198.51.100.0/24; 0.0.0.0/0 and ::/0 are everybody.',
      });
    }
    return block ?? [];
  });
  if (problems.length > 0) throw usageError('source-invalid', problems);
  return [...new Set(known)];
}

/** `203.0.113.7` is `203.0.113.7/32`; a block loses the bits that it does not fix. */
function blockOf(text: string): string | undefined {
  const [address = '', bits, ...rest] = text.trim().split('/');
  if (isIP(address) === 0 || rest.length > 0) return undefined;
  const ip = ipaddr.process(address);
  const most = ip.kind() === 'ipv4' ? 32 : 128;
  if (bits !== undefined && !/^\d{1,3}$/.test(bits)) return undefined;
  const length = bits === undefined ? most : Number(bits);
  if (length > most) return undefined;
  const network =
    ip.kind() === 'ipv4'
      ? ipaddr.IPv4.networkAddressFromCIDR(`${ip}/${length}`)
      : ipaddr.IPv6.networkAddressFromCIDR(`${ip}/${length}`);
  return `${network}/${length}`;
}
