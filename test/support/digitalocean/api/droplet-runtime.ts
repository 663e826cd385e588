import type { DatabaseRuntime } from './database-runtime.js';

/** One rule as a host enforces it: tags and droplet ids are already turned into addresses. */
export interface FirewallRule {
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  /** First and last port, both included; 0 to 65535 when the rule is for all. */
  readonly ports: { readonly first: number; readonly last: number };
  /** IPv4 and IPv6 addresses and CIDRs. Empty: nobody. */
  readonly addresses: readonly string[];
}

/**
 * What the firewalls of a droplet let through, all of them together. Whatever no rule names is
 * dropped, in both directions.
 */
export interface FirewallRules {
  readonly inbound: readonly FirewallRule[];
  readonly outbound: readonly FirewallRule[];
}

/** A volume as it is handed to a droplet. */
export interface RuntimeVolume {
  readonly id: string;
  readonly name: string;
  readonly sizeGigabytes: number;
  /** Undefined: raw, the droplet has to format it. */
  readonly filesystem: 'ext4' | undefined;
}

/** What a runtime needs to make a droplet. */
export interface DropletSpec {
  readonly id: number;
  readonly name: string;
  /** The slug, or the numeric id as a string for images without one. */
  readonly image: string;
  readonly size: {
    readonly slug: string;
    readonly memoryMb: number;
    readonly vcpus: number;
    readonly diskGb: number;
  };
  readonly region: string;
  /** As it came with the request; the API itself never gives it back. */
  readonly userData: string | undefined;
  /** Lines for root's `authorized_keys`. */
  readonly sshPublicKeys: readonly string[];
  readonly volumes: readonly RuntimeVolume[];
  /**
   * The firewalls that wait for the droplet's tags: in force before anything on it listens.
   * Undefined: no firewall, everything is let through.
   */
  readonly firewall: FirewallRules | undefined;
}

/** Where a droplet can be reached. */
export interface DropletAddresses {
  readonly ipv4: string;
}

/**
 * What plays the droplets behind the API. The API calls it once per effect and waits for the promise
 * before the action is `completed`; a rejected promise makes it `errored`. Calls for one droplet
 * never overlap, except that `destroy` may come while `create` is still under way.
 */
export interface DropletRuntime {
  create(spec: DropletSpec): Promise<DropletAddresses>;
  /**
   * Frees everything of the droplet, but not its volumes' data. An unknown id is fine. Reserved
   * addresses have been moved away before.
   */
  destroy(id: number): Promise<void>;
  /** Graceful. */
  reboot(id: number): Promise<void>;
  /** As if the plug was pulled and put back. */
  powerCycle(id: number): Promise<void>;
  attachVolume(id: number, volume: RuntimeVolume): Promise<void>;
  /** Replaces all rules. Undefined: no firewall is left, everything is let through. */
  applyFirewall(id: number, rules: FirewallRules | undefined): Promise<void>;
  detachVolume?(id: number, volumeId: string): Promise<void>;
  /** Makes a volume bigger, attached or not; the file system on it stays as it is. */
  resizeVolume?(volumeId: string, gigabytes: number): Promise<void>;
  /** Frees the data of a volume. */
  destroyVolume?(volumeId: string): Promise<void>;
  /** Another size, while it is off. */
  resize?(id: number, size: { readonly memoryMb: number }): Promise<void>;
  powerOff?(id: number): Promise<void>;
  powerOn?(id: number): Promise<void>;
  /** A reserved address that {@link DropletRuntime.moveAddress} can give to droplets. */
  reserveAddress?(region: string): Promise<string>;
  /** Gives a reserved address to a droplet; undefined takes it away. */
  moveAddress?(address: string, id: number | undefined): Promise<void>;
  /** What plays managed databases on the droplets' network. @default - nothing is there */
  readonly databases?: DatabaseRuntime;
}

const done = async (): Promise<void> => {};

/** Droplets that are not there: addresses from a documentation range (203.0.113.0/24). */
export const noRuntime = (): DropletRuntime => {
  let next = 10;
  return {
    create: async () => ({ ipv4: `203.0.113.${next++ % 256}` }),
    destroy: done,
    reboot: done,
    powerCycle: done,
    attachVolume: done,
    applyFirewall: done,
  };
};
