import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** What came back on a connection until it closed, or until `until` was in it. */
export async function exchangeRaw(port: number, text: string, until?: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  await new Promise<void>((resolve, reject) => {
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
      if (until !== undefined && answer.includes(until)) resolve();
    });
    socket.on('close', () => resolve());
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' || error.code === 'EPIPE' ? resolve() : reject(error),
    );
    socket.on('connect', () => socket.write(text, 'latin1'));
  });
  socket.destroy();
  return answer;
}

/** A connection that is open. */
export async function openRaw(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** Status, value of `throttled-by`, and the code of the error in the body. */
export function readAnswer(text: string): readonly [string, string | undefined, unknown] {
  const [head = '', body = ''] = text.split('\r\n\r\n');
  const delay = /^throttled-by: (.*)$/m.exec(head)?.[1]?.trim();
  const read = body.startsWith('{') ? JSON.parse(body) : undefined;
  return [head.slice(9, 12), delay, read?.errors?.[0]?.extensions?.code];
}
