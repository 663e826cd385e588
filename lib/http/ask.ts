import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { Agent, type Dispatcher, ProxyAgent, request } from 'undici';
import { timeLimit } from '../time-limit.js';
import { NoAnswer, noAnswer } from './no-answer.js';
import { type HttpProxy, proxyFor } from './proxies.js';

/** One request to a server. */
export interface Question {
  readonly url: string | URL;
  /** @default 'GET' */
  readonly method?: Dispatcher.HttpMethod;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Limit of the whole exchange, from the connection to the last byte. */
  readonly timeoutMs: number;
  /** Ends it earlier. */
  readonly signal?: AbortSignal | undefined;
  /** The largest body that is read. @default 1 MiB */
  readonly maxBytes?: number;
  /** What verifies an https server. @default - the well-known authorities */
  readonly tls?: Pick<ConnectionOptions, 'ca' | 'checkServerIdentity'> | undefined;
}

/** A complete answer. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

const MAX_BYTES = 1024 * 1024;
const MAX_HEADER_BYTES = 16 * 1024;

/**
 * Sends one request: the only place of the kit that asks a server over http(s). Everything that the server
 * decides is bounded: time, headers, body. Follows no redirect, so that a token goes to no other address, and
 * takes no compressed answer. Uses the proxy of the environment, but never for this machine.
 *
 * @throws NoAnswer with the reason
 */
export async function ask(question: Question): Promise<Answer> {
  const { timeoutMs, signal, maxBytes = MAX_BYTES } = question;
  const url = new URL(question.url);
  const proxy = proxyFor(url);
  const limit = timeLimit(timeoutMs, signal);
  const agent = agentFor(question, proxy);
  try {
    const { statusCode, headers, body } = await request(url, {
      dispatcher: agent,
      method: question.method ?? 'GET',
      // No connection stays open: servers restart while the kit waits for them.
      reset: true,
      headers: { 'accept-encoding': 'identity', ...question.headers },
      ...(question.body !== undefined && { body: question.body }),
      signal: limit,
    });
    body.on('error', () => undefined);
    if (statusCode >= 300 && statusCode < 400 && statusCode !== 304) {
      throw new NoAnswer(`it redirects (${statusCode}${placeOf(headers.location)})`, {
        status: statusCode,
      });
    }
    const encoding = String(headers['content-encoding'] ?? 'identity');
    if (encoding !== 'identity') {
      throw new NoAnswer(`its answer is compressed (${encoding.slice(0, 20)}), unasked`, {
        status: statusCode,
      });
    }
    return { status: statusCode, headers, text: await textOf(body, maxBytes, statusCode) };
  } catch (error) {
    throw noAnswer(error, limit, proxy);
  } finally {
    // Cuts what still comes.
    void agent.destroy().catch(() => undefined);
  }
}

async function textOf(
  body: AsyncIterable<Buffer>,
  maxBytes: number,
  status: number,
): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      throw new NoAnswer(`its answer is larger than ${Math.floor(maxBytes / 1024)} KiB`, {
        status,
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function agentFor(
  { tls = {}, timeoutMs }: Question,
  proxy: HttpProxy | undefined,
): Agent | ProxyAgent {
  const connect = { timeout: timeoutMs, lookup: ipv4First };
  const shared = { maxHeaderSize: MAX_HEADER_BYTES, connections: 1 };
  if (proxy === undefined) return new Agent({ ...shared, connect: { ...connect, ...tls } });
  return new ProxyAgent({
    ...shared,
    uri: proxy.url.href,
    // Plain http goes through a tunnel only where the proxy has no other way.
    proxyTunnel: false,
    proxyTls: connect,
    requestTls: { ...connect, ...tls },
  });
}

/**
 * Engines publish ports on 127.0.0.1: what answers at the `[::1]` of a `localhost` is another program, and is
 * asked only where nothing else answers.
 */
const ipv4First: LookupFunction = (name, options, done) =>
  lookup(name, { ...options, order: 'ipv4first' }, done as never);

/** The origin of a redirect, for a message. */
function placeOf(location: string | string[] | undefined): string {
  const to = String(location ?? '');
  return URL.canParse(to) ? ` to ${new URL(to).origin}` : '';
}
