import type { AppRole, ContainerRole } from '../names.js';
import type { ContainerDescription, VolumeMount, VolumeRole } from './container-description.js';

/**
 * A container that only the engine's API makes, never Terraform: it may have what
 * `stacks/docker/render-container.ts` does not know. Nothing in it is secret.
 */
export interface EngineContainer extends Omit<ContainerDescription, 'role' | 'mounts' | 'restart'> {
  readonly role: ContainerRole | AppRole;
  readonly mounts: readonly EngineMount[];
  /** `no`: whoever wakes it decides; the engine does not start it again. */
  readonly restart: 'unless-stopped' | 'no';
  /** `none`: no network at all, only a loopback of its own. @default - the cluster's network */
  readonly network?: 'none';
  /** User and group as numbers, `65534:65534`. @default - the image's own */
  readonly user?: string;
  /** Options of `/etc/resolv.conf`, such as `timeout:1`. @default - the engine's own */
  readonly dnsOptions?: readonly string[];
  /** No writable files beside the mounts, no capabilities, and no way to get any. @default false */
  readonly isConfined?: boolean;
}

/** A volume of the cluster, or a file of the engine's machine. */
export type EngineMount = VolumeMount<VolumeRole | AppVolumeRole> | BindMount;

/** The volumes that applications add to a cluster. */
export type AppVolumeRole = Extract<AppRole, 'apps' | 'pool-files' | 'wake'>;

/** An existing file or directory of the machine on which the engine runs. */
export interface BindMount {
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
}
