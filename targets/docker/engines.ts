import { connectEngine } from '../../clients/docker/connect.js';
import type { Machine } from '../machine.js';

/** This machine's engine. @throws KitError `engine-unreachable` (exit 3) */
export async function engines(): Promise<readonly Machine[]> {
  return [{ name: 'localhost', engine: await connectEngine(), close: () => {} }];
}
