import type { DatabaseEngine } from './catalog/databases.js';
import type { DatabaseAddress } from './database-runtime.js';

/** A key of the account. */
export interface SshKey {
  readonly id: number;
  readonly fingerprint: string;
  readonly publicKey: string;
  name: string;
}

/** When backups of a droplet are made. */
export interface BackupPolicy {
  readonly plan: 'daily' | 'weekly';
  readonly weekday: string | undefined;
  /** The hour in which the window of four hours opens, UTC. */
  readonly hour: number;
}

/** A droplet as the account knows it. */
export interface Droplet {
  readonly id: number;
  name: string;
  readonly region: string;
  /** Slug. */
  size: string;
  /** It grows with the size only on request, and never shrinks. */
  diskGb: number;
  readonly imageId: number;
  readonly createdAt: string;
  readonly vpcId: string;
  readonly features: Set<string>;
  /** Undefined: no backups. */
  backupPolicy: BackupPolicy | undefined;
  readonly tags: Set<string>;
  readonly volumeIds: Set<string>;
  /** Kept for the runtime; no answer of the API contains it. */
  readonly userData: string | undefined;
  readonly privateIpv4: string;
  /** Undefined until the runtime has made it. */
  ipv4: string | undefined;
  status: 'new' | 'active' | 'off';
  /** Actions under way; the API calls it `locked`. */
  pending: number;
  /** It refuses actions, although the API does not call it locked. */
  isSettling: boolean;
  isBeingDeleted: boolean;
}

/** A block storage volume. */
export interface Volume {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  sizeGigabytes: number;
  readonly filesystem: 'ext4' | undefined;
  readonly createdAt: string;
  readonly tags: Set<string>;
  dropletId: number | undefined;
}

/** A rule in one direction; `ports` is "22", "8000-9000" or "0" for all. */
export interface StoredRule {
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  readonly ports: string;
  /** Addresses and blocks that may come in, or be gone to. */
  readonly addresses: readonly string[];
}

/** A firewall. */
export interface Firewall {
  readonly id: string;
  readonly createdAt: string;
  name: string;
  inbound: readonly StoredRule[];
  outbound: readonly StoredRule[];
  tags: Set<string>;
  status: 'waiting' | 'succeeded' | 'failed';
  pending: { dropletId: number; removing: boolean }[];
}

/** A reserved address. */
export interface ReservedIp {
  readonly ip: string;
  readonly region: string;
  dropletId: number | undefined;
  pending: number;
}

/** A project; `resources` are URNs with the time they came. */
export interface Project {
  readonly id: string;
  readonly createdAt: string;
  readonly isDefault: boolean;
  updatedAt: string;
  name: string;
  description: string;
  purpose: string;
  environment: string;
  readonly resources: Map<string, string>;
}

/** A private network. */
export interface Vpc {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly ipRange: string;
  readonly createdAt: string;
  readonly isDefault: boolean;
}

/** A source that may connect to a database. */
export interface DatabaseRule {
  readonly type: 'ip_addr' | 'tag';
  readonly value: string;
}

/** A managed database. */
export interface Database {
  readonly id: string;
  readonly name: string;
  readonly engine: DatabaseEngine;
  readonly version: string;
  readonly size: string;
  readonly nodes: number;
  readonly region: string;
  readonly vpcId: string;
  readonly createdAt: string;
  readonly tags: Set<string>;
  /** Of `doadmin`. */
  readonly password: string;
  readonly dbs: Set<string>;
  /** Empty: everybody may connect. */
  rules: readonly DatabaseRule[];
  status: 'creating' | 'online';
  /** Undefined until the runtime has made it. */
  address: DatabaseAddress | undefined;
  /** The sources that the runtime was told last, in words. */
  inForce: string | undefined;
  isBeingDeleted: boolean;
}

/** A copy of a droplet or a volume, which outlives it. */
export interface Snapshot {
  readonly id: string;
  readonly name: string;
  readonly resourceType: 'droplet' | 'volume';
  readonly resourceId: string;
  readonly region: string;
  readonly sizeGb: number;
  readonly createdAt: string;
}

/** Something that takes time. */
export interface Action {
  readonly id: number;
  readonly type: string;
  readonly startedAt: string;
  readonly resourceType: 'droplet' | 'volume' | 'reserved_ip';
  /** Volumes have none: their ids are no numbers. */
  readonly resourceId: number | null;
  /** The id that finds the action in its resource's own list. */
  readonly owner: string;
  readonly region: string;
  status: 'in-progress' | 'completed' | 'errored';
  completedAt: string | null;
}

/** Everything on the account. Insertion order is the order of lists. */
export interface State {
  readonly keys: Map<number, SshKey>;
  readonly droplets: Map<number, Droplet>;
  readonly volumes: Map<string, Volume>;
  readonly firewalls: Map<string, Firewall>;
  readonly reservedIps: Map<string, ReservedIp>;
  readonly projects: Map<string, Project>;
  /** Names; who carries one says so itself. */
  readonly tags: Set<string>;
  readonly vpcs: Map<string, Vpc>;
  readonly databases: Map<string, Database>;
  readonly actions: Map<number, Action>;
  readonly snapshots: Map<string, Snapshot>;
}

/** An account with nothing on it. */
export const emptyState = (): State => ({
  keys: new Map(),
  droplets: new Map(),
  volumes: new Map(),
  firewalls: new Map(),
  reservedIps: new Map(),
  projects: new Map(),
  tags: new Set(),
  vpcs: new Map(),
  databases: new Map(),
  actions: new Map(),
  snapshots: new Map(),
});
