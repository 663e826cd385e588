import type Docker from 'dockerode';
import { statusOf } from './connect.js';

/** The last lines of a container's log, both streams in order. */
export async function logTail(container: Docker.Container, lines = 20): Promise<string> {
  try {
    const raw = await container.logs({ stdout: true, stderr: true, tail: lines });
    return demultiplex(raw).trimEnd();
  } catch (error) {
    return `(no log: ${error instanceof Error ? error.message : error})`;
  }
}

/**
 * Plain text of the engine's stream format: frames with an 8-byte head (stream, 3 zeros, length as
 * big-endian 32 bit) and that many bytes.
 */
export function demultiplex(raw: Buffer): string {
  const parts: Buffer[] = [];
  let offset = 0;
  while (offset + 8 <= raw.length) {
    const length = raw.readUInt32BE(offset + 4);
    parts.push(raw.subarray(offset + 8, offset + 8 + length));
    offset += 8 + length;
  }
  return Buffer.concat(parts).toString('utf8');
}

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
