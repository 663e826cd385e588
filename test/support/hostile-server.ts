import { createServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';

/** How a server misbehaves, and the words that every message about it contains. */
export interface Hostility {
  readonly name: string;
  /** @default 'http' */
  readonly scheme?: 'https';
  /** Called at each connection: `once` when there is nothing to answer before a request. */
  readonly answer: (socket: Socket) => void;
  readonly reason: RegExp;
  /** It keeps the client waiting up to its limit, and sends hardly anything. */
  readonly isSilent?: true;
  /** The client cuts the connection when it has read this much and the buffers of both sides. */
  readonly mostBytes?: number;
}

const head = (...lines: string[]) => `${['HTTP/1.1 200 OK', ...lines].join('\r\n')}\r\n\r\n`;
const JSON_TYPE = 'content-type: application/json';
const withLength = (body: string | Buffer, ...more: string[]) =>
  Buffer.concat([
    Buffer.from(head(JSON_TYPE, `content-length: ${body.length}`, ...more)),
    Buffer.from(body),
  ]);

/** Sends `chunk` again and again, as fast as the other side reads. */
function pour(socket: Socket, chunk: Buffer | string): void {
  const go = () => {
    while (!socket.destroyed && socket.write(chunk));
  };
  socket.on('drain', go);
  go();
}

/** Sends `text`, and then a byte every now and then. */
function drip(socket: Socket, text: string, byte: string): void {
  socket.write(text);
  const timer = setInterval(() => socket.write(byte), 100);
  socket.on('close', () => clearInterval(timer));
}

const LATE = /no answer within|no connection in time/;
const BLOCK = Buffer.alloc(64 * 1024, ' ');
const MEGABYTES = 1024 * 1024;

/** 64 MB of zeros. */
const BOMB = gzipSync(Buffer.alloc(64 * MEGABYTES));

/** A new way to misbehave is one line. */
export const HOSTILITIES: readonly Hostility[] = [
  { name: 'accepts and says nothing', answer: () => {}, reason: LATE, isSilent: true },
  { name: 'closes at once', answer: (s) => s.end(), reason: /closed|ECONNRESET/ },
  { name: 'resets', answer: (s) => s.resetAndDestroy(), reason: /ECONNRESET|closed/ },
  { name: 'garbage', answer: (s) => s.end('\x00\xff\x1b[2J garbage\r\n\r\n'), reason: /not HTTP/ },
  { name: 'endless garbage', answer: (s) => pour(s, BLOCK), reason: /not HTTP|too large|closed/ },
  {
    name: 'another protocol',
    answer: (s) => s.end('SSH-2.0-OpenSSH_9.2\r\n'),
    reason: /not HTTP/,
  },
  {
    name: 'endless headers',
    answer: (s) => {
      s.write('HTTP/1.1 200 OK\r\n');
      pour(s, `x-filler: ${'x'.repeat(4000)}\r\n`);
    },
    reason: /headers are too large/,
  },
  {
    name: 'headers byte by byte',
    answer: (s) => drip(s, 'HTTP/1.1 200 OK\r\nx: ', 'x'),
    reason: LATE,
    isSilent: true,
  },
  {
    name: 'informational answers without end',
    answer: (s) => pour(s, 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(500)),
    reason: /no answer within|too many|closed/,
    mostBytes: 4096 * MEGABYTES,
  },
  {
    name: 'a body byte by byte',
    answer: (s) => drip(s, head(JSON_TYPE), ' '),
    reason: LATE,
    isSilent: true,
  },
  {
    name: 'an endless body',
    answer: (s) => {
      s.write(head(JSON_TYPE));
      pour(s, BLOCK);
    },
    reason: /answer is larger than/,
  },
  {
    name: 'endless chunks',
    answer: (s) => {
      s.write(head(JSON_TYPE, 'transfer-encoding: chunked'));
      pour(s, `8000\r\n${' '.repeat(0x8000)}\r\n`);
    },
    reason: /answer is larger than/,
  },
  {
    name: 'a body of many gigabytes, as it says',
    answer: (s) => {
      s.write(head(JSON_TYPE, 'content-length: 99999999999'));
      pour(s, BLOCK);
    },
    reason: /answer is larger than/,
  },
  {
    name: 'a gzip bomb',
    answer: (s) => s.write(withLength(BOMB, 'content-encoding: gzip')),
    reason: /compressed/,
  },
  {
    name: 'a gzip bomb that is not announced',
    answer: (s) => s.write(withLength(BOMB)),
    reason: /not JSON/,
  },
  {
    name: 'a redirect to itself',
    answer: (s) =>
      s.end('HTTP/1.1 307 Again\r\nlocation: /management\r\ncontent-length: 0\r\n\r\n'),
    reason: /redirects \(307\)/,
  },
  {
    name: 'a redirect elsewhere',
    answer: (s) =>
      s.end(
        `HTTP/1.1 308 There\r\nlocation: http://localhost:${s.localPort}/x\r\ncontent-length: 0\r\n\r\n`,
      ),
    reason: /redirects \(308 to http:\/\/localhost/,
  },
  {
    name: 'an answer that is cut',
    answer: (s) => s.end(`${head(JSON_TYPE, 'content-length: 1000')}{"data":`),
    reason: /in the middle|closed|another length/,
  },
  {
    name: 'endless nesting',
    answer: (s) => s.write(withLength('['.repeat(500_000))),
    reason: /nested deeper/,
  },
  {
    name: 'objects in objects',
    answer: (s) => s.write(withLength(`${'{"data":'.repeat(20_000)}1${'}'.repeat(20_000)}`)),
    reason: /nested deeper/,
  },
  {
    name: 'HTML',
    answer: (s) =>
      s.write(`${head('content-type: text/html', 'content-length: 15')}<html>hi</html>`),
    reason: /not JSON: <html>hi/,
  },
  { name: 'nothing', answer: (s) => s.write(withLength('')), reason: /not JSON|documented form/ },
  {
    name: 'no TLS where TLS is expected',
    scheme: 'https',
    answer: (s) => s.end('HTTP/1.1 400 no\r\n\r\n'),
    reason: /SSL|TLS|closed|EPROTO|wrong version/i,
  },
  {
    name: 'TLS that never finishes',
    scheme: 'https',
    answer: () => {},
    reason: LATE,
    isSilent: true,
  },
];

/** Serves `hostility` on loopback; counts connections and bytes. */
export async function hostileServer({ answer, scheme }: Pick<Hostility, 'answer' | 'scheme'>) {
  const sockets = new Set<Socket>();
  const counts = { connections: 0, bytes: 0 };
  const server = createServer((socket) => {
    counts.connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      counts.bytes += socket.bytesWritten;
      sockets.delete(socket);
    });
    if (scheme === undefined) socket.once('data', () => answer(socket));
    else answer(socket);
    socket.resume();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  onTestFinished(close);
  const { port } = server.address() as { port: number };
  return { host: `${scheme ?? 'http'}://127.0.0.1:${port}`, counts };
}
