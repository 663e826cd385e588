import type { ContainerRole } from '../names.js';

/**
 * One container of a cluster, independent of engine and provider: `engine-options.ts` renders it for the
 * engine's API, `stacks/docker/render-container.ts` for Terraform. Nothing in it is secret.
 */
export interface ContainerDescription {
  readonly cluster: string;
  /** A role may have several containers; their names differ. */
  readonly role: ContainerRole;
  /** Name in the engine. */
  readonly name: string;
  readonly image: string;
  /** Names in the cluster's network. */
  readonly networkAliases: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** @default - the image's own */
  readonly entrypoint?: readonly string[];
  /** @default - the image's own */
  readonly command?: readonly string[];
  readonly mounts: readonly VolumeMount[];
  readonly ports: readonly PublishedPort[];
  readonly memoryMb: number;
  /** Limit of memory and swap together. */
  readonly memorySwapMb: number;
  /** @default - the engine's own */
  readonly shmMb?: number;
  /** @default - the image's own */
  readonly health?: HealthCheck;
  /** Seconds from SIGTERM, or the image's stop signal, to SIGKILL. */
  readonly stopGraceSeconds: number;
  /** Run an init process, which starts the program and reaps orphaned processes. */
  readonly init: boolean;
  readonly restart: 'unless-stopped';
  readonly log: {
    readonly driver: 'json-file';
    readonly options: Readonly<Record<'max-size' | 'max-file', string>>;
  };
  readonly labels: Readonly<Record<string, string>>;
}

/** A volume of the cluster, as a container mounts it. */
export interface VolumeMount<Volume extends string = VolumeRole> {
  readonly volume: Volume;
  readonly target: string;
  readonly readOnly: boolean;
}

/** The volumes that a cluster can have: see `network-and-volumes.ts`. */
export type VolumeRole = 'data' | 'config' | 'certificates';

/** A port that the machine forwards to a container. */
export interface PublishedPort {
  /** Of the container. */
  readonly internal: number;
  /** Of the machine. */
  readonly external: number;
  /** Of the machine. */
  readonly ip: string;
}

/** How the engine checks a container's health. */
export interface HealthCheck {
  /** `CMD-SHELL` and a line, or `CMD` and a program with its arguments. */
  readonly test: readonly string[];
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  /** After the start, while failures do not count. */
  readonly startPeriodSeconds: number;
  /** Failures in a row that make it unhealthy. */
  readonly retries: number;
}

/** Variables in the form `NAME=value`. */
export const environmentList = (environment: Readonly<Record<string, string>>): string[] =>
  Object.entries(environment).map(([name, value]) => `${name}=${value}`);
