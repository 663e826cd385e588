import type Docker from 'dockerode';
import { runInContainer } from './run-in-container.js';

/**
 * Sends a signal to the first program of a running container, from inside, as the container's own user. The engine's
 * own way marks the container as stopped by hand: with `unless-stopped` it would not start after a reboot.
 *
 * @param signal such as `HUP`
 */
export async function sendSignal(container: Docker.Container, signal: string): Promise<void> {
  const { exitCode, output } = await runInContainer(
    container,
    ['sh', '-c', `kill -${signal} 1`],
    '',
  );
  if (exitCode !== 0) throw new Error(`signal ${signal} was not sent: ${output}`);
}
