import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

const OF_UPGRADE = ['upgrade', 'http2-settings'];
/** Listeners that Node's server adds to a connection and leaves there on an upgrade. */
const LEFT_BEHIND = ['timeout', 'pause', 'resume'];

/**
 * Handles a request with an unsupported offer to upgrade, such as `h2c`, as an ordinary one: gives
 * its connection back to Node's server and replays the request without the offer. Node reports
 * every offer as an upgrade as soon as anything listens for upgrades.
 * @param head bytes received after the request's headers
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
