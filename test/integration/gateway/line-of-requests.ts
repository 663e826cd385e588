import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** The answer to one request of a line. */
export interface LineAnswer {
  readonly status: number;
  readonly throttledMs: number;
  readonly tookMs: number;
  readonly retryAfter: string | undefined;
  readonly body: string;
}

/**
 * Connections that are open already, so that requests arrive in the order in which they are sent.
 * @param token of the service @default - none
 */
export async function openLine(port: number, count: number, token?: string) {
  const header = token === undefined ? '' : `authorization: Bearer ${token}\r\n`;
  const sockets = Array.from({ length: count }, () => connect(port, '127.0.0.1'));
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  /** Sends one request on each connection; the answers, in the order of the requests. */
  const send = async (path: string, body: (index: number) => string = String) => {
    const answers: Promise<LineAnswer>[] = [];
    for (const [index, socket] of sockets.entries()) {
      answers.push(answerOn(socket, path, header, body(index)));
      await new Promise((resolve) => setImmediate(resolve));
    }
    return answers;
  };
  const close = () => {
    for (const socket of sockets) socket.destroy();
  };
  return { send, close };
}

async function answerOn(
  socket: Socket,
  path: string,
  headers: string,
  body: string,
): Promise<LineAnswer> {
  const started = performance.now();
  socket.write(
    `POST ${path} HTTP/1.1\r\nhost: x\r\n${headers}connection: close\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.on('error', () => {});
  await once(socket, 'close');
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const header = (name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1]?.trim();
  return {
    status: Number(head.slice(9, 12)),
    throttledMs: Number(header('throttled-by')),
    tookMs: performance.now() - started,
    retryAfter: header('retry-after'),
    body: rest.join('\r\n\r\n'),
  };
}
