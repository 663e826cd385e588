import type Docker from 'dockerode';
import { CONFIG_DIRECTORY, objectName } from '../names.js';

export const MIB = 1024 * 1024;

/** What is alike for all containers of a cluster. @param memoryMb its limit */
export const hostOf = (memoryMb: number): Docker.HostConfig => ({
  Init: true,
  RestartPolicy: { Name: 'unless-stopped' },
  Memory: memoryMb * MIB,
  MemorySwap: 2 * memoryMb * MIB,
  LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } },
});

/** The configuration volume, where all containers see it. */
export const configMount = (cluster: string): Docker.MountSettings => ({
  Type: 'volume',
  Source: objectName(cluster, 'config'),
  Target: CONFIG_DIRECTORY,
  ReadOnly: true,
});

/** Variables as the engine takes them. */
export const environmentList = (environment: Readonly<Record<string, string>>) =>
  Object.entries(environment).map(([name, value]) => `${name}=${value}`);
