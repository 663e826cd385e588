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
import { fakeProcess } from '../../support/fake-process.js';
import { HOSTILITIES, hostileServer } from '../../support/hostile-server.js';
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

const soon = { timeoutMs: 2000, whyHopeless: async () => undefined, evidence: async () => '' };
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
    name: 'the wait of up',
    run: work((host) => awaitServer({ host, ...soon })),
    code: 3,
  },
  {
    name: 'the account of DigitalOcean',
    run: work((host) =>
      openApi(access(host), { timeoutMs: 3000, retries: 0 }).get('/v2/account', z.object({})),
    ),
    code: 3,
  },
];

/** What both sides may hold in their buffers, for each of the requests of a command. */
const MOST_BYTES = 48 * 1024 * 1024;

describe('a command that asks a server ends in time, with the reason', () => {
  test.each(HOSTILITIES)('$name', async (hostility) => {
    const ends = ASKERS.map(async ({ name, run, code, says }) => {
      const { host, counts } = await hostileServer(hostility);
      const end = await run(host);
      expect(end.said, name).toMatch(says ?? hostility.reason);
      expect(end.said, name).not.toContain('internal error');
      expect(end.code, name).toBe(code);
      expect(counts.bytes, name).toBeLessThan(hostility.mostBytes ?? MOST_BYTES);
    });
    const failed = (await Promise.allSettled(ends)).filter(({ status }) => status === 'rejected');
    expect(failed).toEqual([]);
  });
});
