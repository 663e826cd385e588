import type Docker from 'dockerode';
import { demultiplex } from './container-log.js';

/** Result of a command in a container. */
export interface ExecResult {
  readonly exitCode: number;
  /** Both output streams. */
  readonly output: string;
}

/**
 * Runs one command in a running container and waits for it.
 * @param user who runs it. @default - root
 */
export async function runInContainer(
  container: Docker.Container,
  argv: readonly string[],
  user = '0',
): Promise<ExecResult> {
  const exec = await container.exec({
    Cmd: [...argv],
    AttachStdout: true,
    AttachStderr: true,
    User: user,
  });
  const stream = await exec.start({});
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  const { ExitCode } = await exec.inspect();
  return { exitCode: ExitCode ?? -1, output: demultiplex(Buffer.concat(chunks)).trim() };
}
