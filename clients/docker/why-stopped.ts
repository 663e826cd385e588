import type Docker from 'dockerode';
import { statusOf } from './connect.js';

/** A container that restarted this often will not come up by waiting. */
const RESTARTS_ALLOWED = 3;

/** Why waiting for a container is in vain: it is gone, or keeps stopping. `undefined`: it is not. */
export async function whyStopped(container: Docker.Container): Promise<string | undefined> {
  try {
    const { State, RestartCount } = await container.inspect();
    if (RestartCount <= RESTARTS_ALLOWED) return undefined;
    const memory = State.OOMKilled ? ', out of memory' : '';
    return `the container keeps stopping (${RestartCount} restarts, exit code ${State.ExitCode}${memory})`;
  } catch (error) {
    return statusOf(error) === 404 ? 'the container is gone' : undefined;
  }
}
