import ipaddr from 'ipaddr.js';

type Address = ReturnType<typeof ipaddr.process>;
type Range = readonly [Address, number];

/** The addresses that a request came through, from trusted proxies only. */
export interface Way {
  /** Address of the client itself. */
  readonly client: string;
  /** Address of the connection. */
  readonly peer: string;
  /** The chain that a trusted proxy reports, without the proxy itself. */
  readonly forwardedFor: string | undefined;
  readonly scheme: 'http' | 'https';
}

/** An IPv4 address in its own form, also when a dual-stack socket reports it as IPv6. */
export const plainAddress = (address = ''): string =>
  address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;

/** Determines where requests come from, and whether that is allowed. */
export class Sources {
  readonly #ranges: Readonly<Record<'management' | 'data', readonly Range[] | undefined>>;
  readonly #trusted: readonly Range[];

  constructor({
    management,
    data,
    trustedProxies,
  }: {
    /** Addresses and ranges; `undefined`: everybody. */
    readonly management?: readonly string[] | undefined;
    readonly data?: readonly string[] | undefined;
    readonly trustedProxies: readonly string[];
  }) {
    this.#ranges = { management: management?.map(rangeOf), data: data?.map(rangeOf) };
    this.#trusted = trustedProxies.map(rangeOf);
  }

  /** Whether an address is that of a trusted proxy. */
  isTrusted(address: string): boolean {
    return this.#trusted.length > 0 && within(plainAddress(address), this.#trusted);
  }

  /** @param address of the connection @param chain `x-forwarded-for` @param proto likewise */
  way(address: string, chain: string | undefined, proto: string | undefined): Way {
    const peer = plainAddress(address);
    if (!this.isTrusted(peer)) {
      return { client: peer, peer, forwardedFor: undefined, scheme: 'http' };
    }
    const forwarded = chain?.split(',').map((part) => part.trim()) ?? [];
    // The last one that is not a trusted proxy: anybody may have written what stands before it.
    const client =
      forwarded.findLast((part) => !within(part, this.#trusted)) ?? forwarded[0] ?? peer;
    const scheme = proto?.split(',').at(-1)?.trim() === 'https' ? 'https' : 'http';
    return { client, peer, forwardedFor: chain, scheme };
  }

  isAllowed(area: 'management' | 'data', client: string): boolean {
    const ranges = this.#ranges[area];
    return ranges === undefined || within(client, ranges);
  }
}

function rangeOf(text: string): Range {
  if (text.includes('/')) return ipaddr.parseCIDR(text);
  const address = ipaddr.process(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

function within(text: string, ranges: readonly Range[]): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  return ranges.some(
    ([network, bits]) => network.kind() === address.kind() && address.match(network, bits),
  );
}
