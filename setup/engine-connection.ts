import { engineAddress, getFromEngine, type LoadDocker } from './engine-get.js';

/** Address in the form of DOCKER_HOST, and version when one answers. */
export interface EngineAnswer {
  readonly address: string;
  /** Such as `20.10.24+dfsg1`; `undefined` when none answers. */
  readonly version: string | undefined;
  /** Why none answers. */
  readonly failure: string;
}

/** Asks the engine of DOCKER_HOST, or of the default socket, for its version. */
export async function askEngine(
  env: NodeJS.ProcessEnv,
  loadDocker: LoadDocker,
  timeoutMs: number,
): Promise<EngineAnswer> {
  const address = engineAddress(env);
  try {
    const answer = await getFromEngine('/version', env, loadDocker, timeoutMs);
    const { Version } = (answer ?? {}) as { Version?: string };
    return { address, version: Version, failure: 'what answers is no Docker engine' };
  } catch (error) {
    return { address, version: undefined, failure: reason(error) };
  }
}

function reason(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  return code === 'EACCES' ? 'this user may not use the engine’s socket' : (message ?? 'no answer');
}
