import type { Room } from './room.js';
import type { GatewaySettings } from './settings.js';

/** A server behind has hardly more answers than two processes can carry. */
const ENOUGH = 2;
const BYTES_EACH = 144 * 1024 * 1024;

/**
 * How many processes answer. What is limited is counted, and so goes through one.
 * @default - two, where there are processors and memory for them
 */
export function workerCount(settings: GatewaySettings, room: Room): number {
  const { workers, rate, storage } = settings;
  if (rate !== undefined || storage !== undefined) return 1;
  if (workers !== undefined) return workers;
  const fitting = Math.floor(room.memoryBytes / BYTES_EACH);
  return Math.max(1, Math.min(ENOUGH, room.processors, fitting));
}

/** The part of one of `count` processes in what the settings allow them all. */
export function shareOf(settings: GatewaySettings, count: number): GatewaySettings {
  const { server, limits } = settings;
  const part = (whole: number) => Math.ceil(whole / count);
  return {
    ...settings,
    server: { ...server, connections: part(server.connections) },
    limits: {
      ...limits,
      connections: part(limits.connections),
      webSockets: part(limits.webSockets),
    },
  };
}
