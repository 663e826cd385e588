import type Docker from 'dockerode';
import { statusOf } from '../../../../clients/docker/connect.js';

/** A bridge with room for 240 droplets. */
export interface Subnet {
  readonly network: Docker.Network;
  /** Address of this machine on it: what a droplet sees of the test. */
  readonly operator: string;
  /** The `n`th address, from 2 to 254. */
  address(n: number): string;
}

const ATTEMPTS = 20;

/**
 * A network of the test's own, in the range that is set aside for tests of networks (198.18.0.0/15):
 * public to the eye, routed nowhere. Without a way out: a droplet reaches this machine and its
 * neighbours only.
 */
export async function createSubnet(
  docker: Docker,
  name: string,
  labels: Readonly<Record<string, string>>,
): Promise<Subnet> {
  for (let attempt = 1; ; attempt += 1) {
    const slot = Math.floor(Math.random() * 512);
    const prefix = `198.${18 + (slot >> 8)}.${slot & 255}`;
    try {
      const network = await docker.createNetwork({
        Name: name,
        Labels: { ...labels },
        Internal: true,
        IPAM: { Config: [{ Subnet: `${prefix}.0/24`, Gateway: `${prefix}.1` }] },
      });
      return { network, operator: `${prefix}.1`, address: (n) => `${prefix}.${n}` };
    } catch (error) {
      // Another run has that range.
      if (statusOf(error) !== 403 || attempt === ATTEMPTS) throw error;
    }
  }
}

/** Hands out the lowest number that is free, again and again: as a provider does with addresses. */
export class Numbers {
  private readonly taken = new Set<number>();

  constructor(
    private readonly first: number,
    private readonly last: number,
  ) {}

  take(): number {
    for (let n = this.first; n <= this.last; n += 1) {
      if (!this.taken.has(n)) {
        this.taken.add(n);
        return n;
      }
    }
    throw new Error(`all of ${this.first} to ${this.last} are in use`);
  }

  free(n: number): void {
    this.taken.delete(n);
  }
}
