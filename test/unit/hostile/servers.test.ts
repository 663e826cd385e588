import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ALL_VERBS } from '../../../cli/all-verbs.js';
import { reportFailure } from '../../../cli/failure.js';
import { runProgram } from '../../../cli/program.js';
import { openApi } from '../../../clients/digitalocean/api.js';
import { KitError } from '../../../lib/errors.js';
import { Secret } from '../../../lib/secret.js';
import { awaitServer } from '../../../prisma/probe/await-server.js';
import { requireClosed } from '../../../prisma/probe/require-closed.js';
import { probeOnce } from '../../../registry/probe-entry.js';
import { fetchApiTypes } from '../../../service/deploy/fetch-api-types.js';
import { fetchService } from '../../../service/deploy/fetch-service.js';
import { fakeProcess } from '../../support/fake-process.js';
import { HOSTILITIES, type Hostility, hostileServer } from '../../support/hostile-server.js';
import { USERS_AND_POSTS, writeService } from '../../support/service.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

/** What a command ended with, and all that it said. */
interface End {
  readonly code: number;
  readonly said: string;
}

/** A command that asks a server at `host`. */
interface Asker {
  readonly name: string;
  readonly run: (host: string) => Promise<End>;
  readonly code: number;
  /** It reports that the server does not work, without the reason. @default - with the reason */
  readonly says?: RegExp;
  /** How often it asks, at most. @default 1 */
  readonly asks?: number;
}

/** `clusterkit …` in this process, in a new home with a registry whose entry `it` is the server. */
const kit =
  (...argv: readonly string[]) =>
  async (host: string): Promise<End> => {
    const home = await temporaryDirectory();
    await mkdir(join(home, '.prisma'), { mode: 0o700 });
    const registry = `clusters:\n  it:\n    host: ${host}\n    clusterSecret: "a-shared-secret"\n`;
    await writeFile(join(home, '.prisma/config.yml'), registry, { mode: 0o600 });
    await writeFile(join(home, 'secret'), 'a-shared-secret');
    await writeService(join(home, 'blog'), { cluster: 'it', types: USERS_AND_POSTS });
    const { world, written } = fakeProcess({});
    (world.stdin as unknown as NodeJS.WritableStream).end('');
    const words = argv.map((word) => word.replace('HOST', host).replace('HOME', home));
    const process = { ...world, home, cwd: home };
    let code: number;
    try {
      code = await runProgram(words, '0.0.0', ALL_VERBS, process);
    } catch (error) {
      code = reportFailure(error, words, undefined, world.stdout, world.stderr);
    }
    return { code, said: `${written.stdout}${written.stderr}` };
  };

/** A function that throws a KitError, as a command. */
const work =
  (run: (host: string) => Promise<unknown>) =>
  async (host: string): Promise<End> => {
    try {
      return { code: 0, said: JSON.stringify(await run(host)) };
    } catch (error) {
      if (!(error instanceof KitError)) throw error;
      return { code: error.exitCode, said: `${error.code} ${error.message}` };
    }
  };

const evidence = async () => '';
const soon = { timeoutMs: 2000, whyHopeless: async () => undefined, evidence };
const SECRET = new Secret('a-shared-secret');
const request = () => ({ now: () => new Date(), signal: new AbortController().signal });
const access = (url: string) => ({ url, token: new Secret('dop_v1_x') });

/** A new command is one line. */
const ASKERS: readonly Asker[] = [
  {
    name: 'cluster add',
    run: kit('cluster', 'add', 'new', '--host', 'HOST', '--secret-file', 'HOME/secret'),
    code: 3,
  },
  { name: 'cluster list', run: kit('cluster', 'list', '--json'), code: 0 },
  { name: 'list', run: kit('list'), code: 0, says: /it +https?:\S+ +no / },
  { name: 'doctor', run: kit('doctor', '--json'), code: 4 },
  { name: 'deploy', run: kit('deploy', 'HOME/blog'), code: 3 },
  { name: 'cluster show', run: kit('cluster', 'show', 'it'), code: 0, says: /a-?shared|HS256/i },
  {
    name: 'cluster token',
    run: kit('cluster', 'token', 'it', '--service', 's', '--stage', 't'),
    code: 0,
    says: /./,
  },
  {
    name: 'init',
    run: kit('init', 'shop', 'HOME/shop', '--cluster', 'it'),
    code: 0,
    says: /Next:/,
  },
  {
    name: 'the wait of up',
    run: work((host) => awaitServer({ host, ...soon })),
    code: 3,
  },
  {
    name: 'the auth check of up',
    run: work((host) =>
      requireClosed({ host, ownToken: SECRET, foreignTokens: [SECRET], evidence, unclearMs: 2000 }),
    ),
    code: 3,
    // With three tokens each time.
    asks: 15,
  },
  {
    name: 'the health of status',
    run: work((host) => probeOnce({ host, clusterSecret: SECRET }, request())),
    code: 0,
  },
  {
    name: 'the state of a service',
    run: work((host) => {
      const entry = { name: 'it', host, secret: SECRET, kind: 'secret' } as const;
      const server = {
        version: '1.34.12',
        generation: 'C',
        behindGateway: false,
        derivedSecret: false,
      } as const;
      return fetchService(entry, server, 'blog', 'dev', request());
    }),
    code: 3,
  },
  {
    name: 'the types of a service',
    run: work(async (host) => {
      const types = await fetchApiTypes({ host, service: 'blog', stage: 'dev' }, [], request());
      return types ?? 'no types';
    }),
    code: 0,
    says: /no types/,
  },
  {
    name: 'the account of DigitalOcean',
    run: work((host) =>
      openApi(access(host), { timeoutMs: 10_000, retries: 0 }).get('/v2/account', z.object({})),
    ),
    code: 3,
  },
];

/** What both sides may hold in their buffers, for one request. */
const MOST_BYTES = 48 * 1024 * 1024;

/** Every command against one server each; returns what was not as it must be. */
async function failuresOf(hostility: Hostility): Promise<unknown[]> {
  const ends = ASKERS.map(async ({ name, run, code, says, asks = 1 }) => {
    const { host, counts } = await hostileServer(hostility);
    const end = await run(host);
    const what = `${name}: ${hostility.name}`;
    expect(end.said, what).toMatch(says ?? hostility.reason);
    expect(end.said, what).not.toContain('internal error');
    expect(end.code, what).toBe(code);
    expect(counts.bytes, what).toBeLessThan(asks * (hostility.mostBytes ?? MOST_BYTES));
  });
  const settled = await Promise.allSettled(ends);
  return settled.filter(({ status }) => status === 'rejected');
}

describe('a command that asks a server ends in time, with the reason', () => {
  // They keep it waiting up to its limit, and this machine idle: all at once.
  const silent = HOSTILITIES.filter(({ isSilent }) => isSilent);
  test(silent.map(({ name }) => name).join(', '), { timeout: 90_000 }, async () => {
    expect((await Promise.all(silent.map(failuresOf))).flat()).toEqual([]);
  });

  const others = HOSTILITIES.filter(({ isSilent }) => !isSilent);
  test.each(others)('$name', { timeout: 90_000 }, async (hostility) => {
    expect(await failuresOf(hostility)).toEqual([]);
  });
});
