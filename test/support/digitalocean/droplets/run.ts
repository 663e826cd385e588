import type Docker from 'dockerode';
import { runInContainer } from '../../../../clients/docker/run-in-container.js';

/** Runs a command in a container and gives its output. @throws Error when it fails */
export async function run(container: Docker.Container, argv: readonly string[]): Promise<string> {
  const { exitCode, output } = await runInContainer(container, argv);
  if (exitCode === 0) return output;
  throw new Error(`\`${argv.join(' ')}\` gave exit code ${exitCode}: ${output}`);
}
