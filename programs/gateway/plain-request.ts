import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

const OF_UPGRADE = ['upgrade', 'http2-settings'];
/** What Node's server listens for on a connection, and leaves there when it gives it away. */
const LEFT_BEHIND = ['timeout', 'pause', 'resume'];

/**
 * Gives a connection back whose request offers an upgrade that nobody here takes, such as `h2c`: it
 * is an ordinary request then, and begins anew without the offer. Node takes every offer for an
 * upgrade as soon as somebody listens for one.
 * @param head what came behind the request's headers
 */
export function resumeAsPlain(
  http: Server,
  { method, url, httpVersion, rawHeaders }: IncomingMessage,
  client: Duplex,
  head: Buffer,
): void {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = [rawHeaders[index], rawHeaders[index + 1]];
    const lower = name.toLowerCase();
    if (OF_UPGRADE.includes(lower)) continue;
    lines.push(`${name}: ${lower === 'connection' ? withoutUpgrade(value) : value}`);
  }
  const again = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  for (const event of LEFT_BEHIND) client.removeAllListeners(event);
  client.unshift(Buffer.concat([again, head]));
  http.emit('connection', client);
}

const withoutUpgrade = (value: string): string =>
  value
    .split(',')
    .map((token) => token.trim())
    .filter((token) => !OF_UPGRADE.includes(token.toLowerCase()))
    .join(', ');
