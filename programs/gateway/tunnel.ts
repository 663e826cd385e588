import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream';
import { responseHeaders } from './hop-headers.js';

/** Where an upgrade goes, and how long it may be silent. */
export interface TunnelProps {
  readonly server: URL;
  readonly path: string;
  /** Names and values in turn, without those of the hop. */
  readonly headers: readonly string[];
  readonly throttledMs: number;
  readonly handshakeMs: number;
  readonly idleMs: number;
  /** The answer's status, once: 101 when the tunnel stands. */
  readonly onStatus: (status: number) => void;
  /** The server cannot be reached, and nothing has been sent to the client yet. */
  readonly onProblem: (error: NodeJS.ErrnoException) => void;
}

/** First probe of a connection that is silent; what answers none is ended by the system. */
const KEEP_ALIVE_MS = 30_000;

/**
 * Asks the server for the upgrade that a client asks for. When the server agrees, bytes go both ways
 * until one side ends; when it does not, its answer goes back.
 *
 * Node's own client does this, because undici drops the answer of a server that does not agree.
 * @param head what the client sent behind its request already
 */
export function tunnel(client: Duplex, head: Buffer, props: TunnelProps): void {
  const { server, path, headers, throttledMs, handshakeMs, idleMs, onStatus, onProblem } = props;
  const upgrade = ['connection', 'Upgrade', 'upgrade', 'websocket'];
  const asking = httpRequest({
    ...{ host: server.hostname.replace(/^\[|\]$/g, ''), port: server.port || 80, path },
    ...{ method: 'GET', headers: [...headers, ...upgrade], agent: false },
    timeout: handshakeMs,
  });
  let isAnswered = false;
  client.on('error', () => client.destroy());
  client.once('close', () => asking.destroy());
  asking.on('timeout', () => asking.destroy(new Error('no answer in time')));
  asking.on('error', (error) => {
    if (!isAnswered && !client.destroyed) onProblem(error);
    isAnswered = true;
  });
  asking.on('upgrade', (answer: IncomingMessage, far: Socket, farHead: Buffer) => {
    isAnswered = true;
    onStatus(101);
    const kept = responseHeaders(answer.rawHeaders, throttledMs);
    client.write(headOf(answer, [...kept, ...upgrade]), 'latin1');
    join(client as Socket, far, idleMs);
    if (farHead.length > 0) client.write(farHead);
    if (head.length > 0) far.write(head);
  });
  asking.on('response', (answer) => {
    isAnswered = true;
    onStatus(answer.statusCode ?? 502);
    const kept = responseHeaders(answer.rawHeaders, throttledMs);
    client.write(headOf(answer, [...kept, 'connection', 'close']), 'latin1');
    pipeline(answer, client, () => client.destroy());
  });
  asking.end();
}

function join(client: Socket, far: Socket, idleMs: number): void {
  for (const socket of [client, far]) {
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
  }
  // One pipe there and one back listen to it.
  client.setMaxListeners(20);
  // Traffic of either direction passes both sockets, so that one of them tells.
  client.setTimeout(idleMs, () => client.destroy());
  far.setTimeout(0);
  pipeline(client, far, client, () => {
    client.destroy();
    far.destroy();
  });
}

function headOf(
  { statusCode, statusMessage }: IncomingMessage,
  headers: readonly string[],
): string {
  const lines = [`HTTP/1.1 ${statusCode} ${statusMessage}`];
  for (let index = 0; index + 1 < headers.length; index += 2) {
    lines.push(`${headers[index]}: ${headers[index + 1]}`);
  }
  return `${lines.join('\r\n')}\r\n\r\n`;
}
