import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream';
import type { RawHeaders } from './hop-headers.js';
import { headText } from './own-answer.js';

/** First probe of a silent connection; the system ends one that does not answer. */
const KEEP_ALIVE_MS = 30_000;

/**
 * Asks the server for an upgrade. If the server agrees, forwards bytes both ways until one side
 * ends; otherwise returns its answer.
 *
 * Uses Node's own client, because undici drops the answer of a server that refuses an upgrade.
 * @param head bytes that the client sent after its request
 */
export function tunnel(
  client: Duplex,
  head: Buffer,
  props: {
    readonly server: URL;
    readonly path: string;
    /** Names and values in turn, without those of the single connection. */
    readonly headers: readonly string[];
    /** The headers of the server's answer for the client, without those of the single connection. */
    readonly answerHeaders: (raw: RawHeaders) => readonly string[];
    readonly handshakeMs: number;
    readonly idleMs: number;
    /** Called once, with the answer's status: 101 when the tunnel is open. */
    readonly onStatus: (status: number) => void;
    /** Called when the server is unreachable and nothing has been sent to the client. */
    readonly onProblem: (error: NodeJS.ErrnoException) => void;
  },
): void {
  const { server, path, headers, answerHeaders, handshakeMs, idleMs, onStatus, onProblem } = props;
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
    const kept = answerHeaders(answer.rawHeaders);
    client.write(headOf(answer, [...kept, ...upgrade]), 'latin1');
    join(client as Socket, far, idleMs);
    if (farHead.length > 0) client.write(farHead);
    if (head.length > 0) far.write(head);
  });
  asking.on('response', (answer) => {
    isAnswered = true;
    onStatus(answer.statusCode ?? 502);
    const kept = answerHeaders(answer.rawHeaders);
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
  // Each of the two pipes adds listeners.
  client.setMaxListeners(20);
  // Traffic of either direction passes both sockets, so one timer is enough.
  client.setTimeout(idleMs, () => client.destroy());
  far.setTimeout(0);
  pipeline(client, far, client, () => {
    client.destroy();
    far.destroy();
  });
}

const headOf = ({ statusCode, statusMessage }: IncomingMessage, headers: readonly string[]) =>
  headText(`HTTP/1.1 ${statusCode} ${statusMessage}`, headers);
