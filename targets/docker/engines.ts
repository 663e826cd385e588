import { connectEngine } from '../../clients/docker/connect.js';
import type { EnginePlace, Machine } from '../machine.js';

/** The engine that the command uses. @throws KitError of `connectEngine` */
export async function engines({ engineAddress, env }: EnginePlace): Promise<readonly Machine[]> {
  const engine = await connectEngine(await engineAddress(), env);
  return [{ name: 'localhost', engine, close: () => {} }];
}
