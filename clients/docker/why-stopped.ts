import type Docker from 'dockerode';
import { statusOf } from './connect.js';

/** After more restarts than this, waiting no longer helps. */
const RESTARTS_ALLOWED = 3;

/** Why waiting for a container cannot help: it is gone, or keeps stopping. `undefined`: it may. */
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
