import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { ROOT } from './contenders.js';

/** A DigitalOcean account in its own process; its droplets are containers. */
export interface BenchAccount {
  /** Variables that make the kit and the provider use it. */
  readonly env: Readonly<Record<string, string>>;
  call(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Time of the last request for a droplet: milliseconds since 1970. */
  dropletAskedAt(): Promise<number>;
  /** Ends the account and removes everything in it. */
  close(): Promise<void>;
}

/** Starts the fake account of the tests: see `test/support/digitalocean/account.mjs`. */
export async function openAccount(): Promise<BenchAccount> {
  const program = join(ROOT, 'test/support/digitalocean/account.mjs');
  const child = execa(process.execPath, [program], { stderr: 'inherit', buffer: false });
  child.catch(() => undefined);
  const lines = createInterface({ input: child.stdout });
  const [line] = (await Promise.race([
    once(lines, 'line'),
    once(child, 'exit').then(() =>
      Promise.reject(new Error('the process of the account has ended')),
    ),
  ])) as [string];
  const { env } = JSON.parse(line) as { env: Record<string, string> };
  const call: BenchAccount['call'] = async (method, path, body) => {
    const response = await fetch(`${env.DIGITALOCEAN_API_URL}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${env.DIGITALOCEAN_TOKEN}`,
        'content-type': 'application/json',
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text && JSON.parse(text);
  };
  return {
    env,
    call,
    dropletAskedAt: async () => {
      const requests = (await call('GET', '/_control/requests')) as LoggedRequest[];
      const asked = requests.findLast(
        ({ method, path, outcome }) =>
          method === 'POST' && path === '/v2/droplets' && outcome === 202,
      );
      return Date.parse(asked?.at ?? '');
    },
    close: async () => {
      child.kill('SIGTERM');
      await child.catch(() => undefined);
    },
  };
}

interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly outcome: unknown;
  readonly at: string;
}
