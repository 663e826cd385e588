import type { FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** Interval between two reads; faster than anybody notices. */
const POLL_MS = 40;

/**
 * Yields the lines of a file while another process writes it, until `hasEnded` says that it is
 * complete. The last line may lack its line break.
 */
export async function* followLines(
  file: FileHandle,
  hasEnded: () => boolean,
): AsyncGenerator<string> {
  const chunk = Buffer.alloc(64 * 1024);
  let position = 0;
  let rest: Buffer = Buffer.alloc(0);
  for (;;) {
    const ended = hasEnded();
    const { bytesRead } = await file.read(chunk, 0, chunk.length, position);
    position += bytesRead;
    rest = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      yield rest.subarray(0, end).toString('utf8');
      rest = rest.subarray(end + 1);
    }
    if (bytesRead > 0) continue;
    if (ended) break;
    await sleep(POLL_MS);
  }
  if (rest.length > 0) yield rest.toString('utf8');
}
