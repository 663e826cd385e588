import { type Door, doorOf } from './door.js';
import type { TestAccount } from './test-account.js';

/** How often something was seen. */
export type Counts = Readonly<Record<string, number>>;

/** What {@link watchClosed} saw until it was stopped. */
export interface WatchedDoor {
  /** Of the server, to questions without a token: `refused`, `no connection`, or what was said. */
  readonly answers: Counts;
  /** The doors as {@link knock} found them from an address that is no source, such as `22: silent`. */
  readonly elsewhere: Counts;
}

const EVERY_MS = 100;
const PATIENCE_MS = 5000;
const QUESTION = JSON.stringify({ query: '{ listProjects { name stage } }' });
/** Prisma 1's word for: without a valid token nothing is told. */
const REFUSED = 3015;

/**
 * Waits for the only droplet of an account to have an address, and from then on asks its management
 * API every 100 ms without a token, and tries to connect from elsewhere.
 */
export function watchClosed(account: TestAccount): { stop(): Promise<WatchedDoor> } {
  const answers: Record<string, number> = {};
  const elsewhere: Record<string, number> = {};
  const open = new Set<Promise<void>>();
  let running = true;
  const work = (async () => {
    const host = await addressOf(account, () => running);
    if (host === undefined) return;
    const knocking = (async () => {
      while (running) {
        for (const [port, door] of Object.entries(await knock(account, host)))
          count(elsewhere, `${port}: ${door}`);
      }
    })();
    while (running) {
      for (const path of ['/management', '/cluster']) {
        const asked = ask(`http://${host}:4466${path}`).then((said) => count(answers, said));
        open.add(asked);
        void asked.finally(() => open.delete(asked));
      }
      await sleep(EVERY_MS);
    }
    await Promise.all([knocking, ...open]);
  })();
  return {
    async stop() {
      running = false;
      await work;
      return { answers, elsewhere };
    },
  };
}

/** From elsewhere to ssh and to the server. */
export async function knock(
  { droplets }: TestAccount,
  host: string,
): Promise<{ readonly 22: Door; readonly 4466: Door }> {
  const tries = ([22, 4466] as const).map(async (port) => {
    const argv = ['curl', '-sv', '-o', '/dev/null', '--connect-timeout', '1', '--max-time', '3'];
    return doorOf(await droplets.fromElsewhere([...argv, `http://${host}:${port}/`]));
  });
  const [ssh, server] = await Promise.all(tries);
  if (ssh === undefined || server === undefined) throw new Error('two were tried');
  return { 22: ssh, 4466: server };
}

async function addressOf(account: TestAccount, isWanted: () => boolean) {
  while (isWanted()) {
    const [droplet] = await account.list();
    if (droplet?.host !== undefined) return droplet.host;
    await sleep(20);
  }
  return undefined;
}

async function ask(url: string): Promise<string> {
  let text: string;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', connection: 'close' },
      body: QUESTION,
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    text = await response.text();
  } catch {
    return 'no connection';
  }
  return isRefusal(text) ? 'refused' : `answered: ${text}`;
}

function isRefusal(text: string): boolean {
  try {
    const { data, errors } = JSON.parse(text);
    return (data ?? null) === null && errors.length > 0 && errors[0].code === REFUSED;
  } catch {
    return false;
  }
}

const count = (counts: Record<string, number>, what: string): void => {
  counts[what] = (counts[what] ?? 0) + 1;
};

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
