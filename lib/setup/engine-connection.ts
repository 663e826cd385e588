import Docker from 'dockerode';

/** Address in the form of DOCKER_HOST, and version when one answers. */
export interface EngineAnswer {
  readonly address: string;
  /** Such as `20.10.24+dfsg1`; `undefined` when none answers. */
  readonly version: string | undefined;
  /** Why none answers. */
  readonly failure: string;
}

/** Asks the engine of DOCKER_HOST, or of the default socket, for its version. */
export async function askEngine(timeoutMs: number): Promise<EngineAnswer> {
  const docker = new Docker();
  const address = await addressOf(docker);
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs).unref();
  });
  try {
    const { Version } = await Promise.race([docker.version(), late]);
    return { address, version: Version, failure: '' };
  } catch (error) {
    return { address, version: undefined, failure: reason(error) };
  }
}

function reason(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  return code === 'EACCES' ? 'this user may not use the engine’s socket' : (message ?? 'no answer');
}

/** The client looks for the default socket only when it asks; then it is a function. */
async function addressOf(docker: Docker): Promise<string> {
  const modem = docker.modem as {
    socketPath?: string | (() => Promise<string>);
    protocol?: string;
    host?: string;
    port?: string | number;
  };
  const { socketPath } = modem;
  const socket = typeof socketPath === 'function' ? await socketPath() : socketPath;
  return socket ? `unix://${socket}` : `${modem.protocol}://${modem.host}:${modem.port}`;
}
