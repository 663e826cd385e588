import { connect, isIP, type Socket } from 'node:net';
import ipaddr from 'ipaddr.js';
import { type Problem, usageError } from '../../../lib/errors.js';

const VARIABLE = 'CLUSTERKIT_SOURCE';

/**
 * Addresses of the operator, as blocks: the given ones, else the local address of a connection to the API
 * when it is public. Behind a router it is not, and then only the user knows it: nothing is guessed, and no
 * other service is queried.
 *
 * @throws KitError `source-invalid`, `source-unknown` (exit 2)
 */
export async function operatorSources(question: {
  /** Values of `--source`. */
  readonly flags: readonly string[];
  /** Has `CLUSTERKIT_SOURCE`, for when there are no flags; commas separate several. */
  readonly env: NodeJS.ProcessEnv;
  /** Address of the API. */
  readonly apiUrl: string;
  /** Local address of a connection to the API. @default {@link ownEndOf} */
  readonly ownEnd?: (url: string) => Promise<string>;
}): Promise<string[]> {
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
    message: `cannot determine your public address: ${own.why}`,
    hint: `Pass it with --source 203.0.113.7 or ${VARIABLE}, or set ssh.sources and management.sources in clusters.yml. Your router, or a page that shows your IP address, has it.`,
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
        message: `'${text}' is neither an address nor a block of addresses`,
        hint: 'Examples: 203.0.113.7 or 198.51.100.0/24; 0.0.0.0/0 and ::/0 are all addresses.',
      });
    }
    return block ?? [];
  });
  if (problems.length > 0) throw usageError('source-invalid', problems);
  return [...new Set(known)];
}

/** Normalizes: `203.0.113.7` to `203.0.113.7/32`; clears the host bits of a block. */
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
