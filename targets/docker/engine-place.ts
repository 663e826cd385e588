import { networkInterfaces } from 'node:os';
import type { EngineAddress } from '../../clients/docker/address/engine-address.js';
import { isSocket } from '../../clients/docker/address/parse-host.js';
import type { Engine } from '../../clients/docker/connect.js';
import { environmentError } from '../../lib/errors.js';
import { readTextFile } from '../../lib/read-text-file.js';
import { isLoopback } from './address.js';
import type { DockerSettings } from './settings.js';

/**
 * Asserts that this machine reaches what the engine publishes on its loopback: not where the engine is on
 * another machine, or where only its socket is in our container.
 * @throws KitError `engine-elsewhere` (exit 3)
 */
export async function assertLoopbackShared(
  { name, port, address }: Pick<DockerSettings, 'name' | 'port' | 'address'>,
  engine: Engine,
  place: EngineAddress,
): Promise<void> {
  if (!isLoopback(address)) return;
  const reason = await whyElsewhere(engine, place);
  if (reason === undefined) return;
  throw environmentError('engine-elsewhere', {
    path: `clusters.${name}.address`,
    message: `is ${address}, where nobody reaches port ${port} of the Docker engine ${place.host} (from ${place.from}): ${reason}`,
    hint: 'Set address to the address at which this machine reaches the engine’s, such as 10.0.0.5, or from a container the gateway of its network, 172.17.0.1; or use the engine of this machine.',
  });
}

async function whyElsewhere(engine: Engine, { host }: EngineAddress): Promise<string | undefined> {
  if (!isSocket(host)) {
    const { hostname } = new URL(host);
    return isHere(hostname) ? undefined : 'it is on another machine';
  }
  // Elsewhere engines run in a virtual machine, whose product forwards published ports.
  if (process.platform !== 'linux') return undefined;
  const routes = await readTextFile('/proc/net/fib_trie').catch(() => undefined);
  if (routes === undefined || (await forwardsItself(engine))) return undefined;
  const gateways = await bridgeGateways(engine);
  if (gateways.length === 0) return undefined;
  const own = localAddresses(routes);
  if (gateways.some((gateway) => own.has(gateway))) return undefined;
  return `only its socket is here; its networks (${gateways[0]}) are not, as in a container that has the socket of its host`;
}

function isHere(hostname: string): boolean {
  const name = hostname.replace(/^\[|\]$/g, '');
  if (name === 'localhost' || isLoopback(name)) return true;
  return Object.values(networkInterfaces())
    .flat()
    .some((each) => each?.address === name);
}

/** Engines with a network of their own that bring published ports to the machine's loopback. */
async function forwardsItself(engine: Engine): Promise<boolean> {
  const { SecurityOptions = [], OperatingSystem = '' } = (await engine.info()) as {
    readonly SecurityOptions?: readonly string[] | null;
    readonly OperatingSystem?: string;
  };
  return /Docker Desktop/.test(OperatingSystem) || !!SecurityOptions?.includes('name=rootless');
}

/** Addresses of the engine in its bridge networks: its machine has them, up or not. */
async function bridgeGateways(engine: Engine): Promise<string[]> {
  const networks = await engine.listNetworks({ filters: { driver: ['bridge'] } });
  // The engine's default network first: an error shows it.
  const sorted = networks.sort((a, b) => Number(b.Name === 'bridge') - Number(a.Name === 'bridge'));
  return sorted.flatMap(({ IPAM }) =>
    (IPAM?.Config ?? []).flatMap(({ Gateway }) => (Gateway?.includes('.') ? [Gateway] : [])),
  );
}

/**
 * The IPv4 addresses of a network namespace, from the text of its `/proc/net/fib_trie`: each leaf
 * `|-- <address>` is followed by its kinds, `LOCAL` for an own address.
 */
export function localAddresses(trie: string): ReadonlySet<string> {
  const found = new Set<string>();
  let leaf: string | undefined;
  for (const line of trie.split('\n')) {
    leaf = /\|-- ([\d.]+)/.exec(line)?.[1] ?? leaf;
    if (leaf !== undefined && / host LOCAL$/.test(line)) found.add(leaf);
  }
  return found;
}
