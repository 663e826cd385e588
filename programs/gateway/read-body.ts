import type { IncomingMessage } from 'node:http';

/**
 * Reads the whole body; `undefined` when it exceeds `limitBytes`, and then the rest stays unread.
 * @throws when the client leaves
 */
export async function readBody(
  request: IncomingMessage,
  limitBytes: number,
): Promise<Buffer | undefined> {
  if ((bodyBytes(request) ?? 0) > limitBytes) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += (chunk as Buffer).length;
    if (size > limitBytes) return undefined;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

/** The announced length of the body; 0 when there is none, `undefined` when it comes in chunks. */
export function bodyBytes({ headers }: Pick<IncomingMessage, 'headers'>): number | undefined {
  if (headers['transfer-encoding'] !== undefined) return undefined;
  return Number(headers['content-length'] ?? 0);
}
