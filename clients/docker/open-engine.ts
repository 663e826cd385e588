import { resolveEngine } from './address/resolve-engine.js';
import { connectEngine, type Engine } from './connect.js';

/** Finds the engine by the environment, and connects to it. @throws KitError of both */
export const openEngine = async (env: NodeJS.ProcessEnv): Promise<Engine> =>
  connectEngine(await resolveEngine(env), env);
