import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { serviceCheck } from '../../../apps/service-check.js';
import { Secret } from '../../../lib/secret.js';
import { kitErrorOf } from '../../support/kit-error-of.js';
import { type Answer, managementServer, silentHost } from '../../support/management-server.js';
import { someSettings } from '../../support/synthesized-stack.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const STATE = { revision: 3, status: 'SUCCESS', errors: [] };
const REFUSED = { data: null, errors: [{ message: 'Your token is invalid.', code: 3015 }] };

/** A check against a server whose APIs answer so. */
async function check(
  answers: { management?: Answer; data?: Answer },
  secret?: string,
  host?: string,
) {
  const server = await managementServer(({ path }) => {
    const { management = { body: { data: { migrationStatus: STATE } } }, data } = answers;
    return path === '/management' ? management : (data ?? { body: undefined });
  });
  const registry = join(await temporaryDirectory(), '.prisma', 'config.yml');
  await mkdir(dirname(registry));
  const entry = { host: host ?? server.host, clusterSecret: 'a shared secret of the cluster' };
  await writeFile(registry, JSON.stringify({ clusters: { one: entry } }), { mode: 0o600 });
  const { signal } = new AbortController();
  const settings = someSettings();
  const run = () =>
    serviceCheck(
      { settings, context: { registry, env: {}, signal } },
      { name: 'web' },
      { name: 'blog', stage: 'dev', ...(secret && { secret: new Secret(secret) }) },
      200,
    );
  return { run, seen: server.seen };
}
const accepted = { body: { data: { __typename: 'Query' } } };

describe('serviceCheck', () => {
  test('a service without a secret: the API is asked without a token', async () => {
    const { run, seen } = await check({ data: accepted });
    expect(await run()).toEqual({ exists: true });
    expect(seen.map(({ path, query }) => `${path} ${query}`)).toEqual([
      '/management { migrationStatus(name: "blog", stage: "dev") { revision status errors applied } }',
      '/blog/dev { __typename }',
    ]);
    expect(seen[1]?.headers).not.toHaveProperty('authorization');
  });

  test('a service that does not exist is told, and its API is not asked', async () => {
    const body = { data: null, errors: [{ message: 'Project not found', code: 4000 }] };
    const { run, seen } = await check({ management: { body } });
    expect(await run()).toMatchObject({
      exists: false,
      error: {
        code: 'service-absent',
        exitCode: 2,
        problems: [
          {
            path: 'clusters.one.apps.web.service',
            message: "is blog/dev, which the cluster's server does not have",
          },
        ],
      },
    });
    expect(seen).toHaveLength(1);
  });

  test.each([
    ['service-secret-missing', undefined],
    ['service-secret-wrong', 'not it'],
  ])('%s', async (code, secret) => {
    const { run } = await check({ data: { body: REFUSED } }, secret);
    expect(await kitErrorOf(run)).toMatchObject({ code, exitCode: 2 });
  });

  test('a clock that differs is told before the secret is called wrong', async () => {
    const headers = { date: new Date(Date.now() + 3_600_000).toUTCString() };
    const { run } = await check({ data: { body: REFUSED, headers } }, 'it');
    expect(await kitErrorOf(run)).toMatchObject({ code: 'clock-differs', exitCode: 3 });
  });

  test('an API that is closed to this machine: nobody can tell, and nothing is wrong', async () => {
    const closed = { status: 403, body: { errors: [{ message: 'not from here', code: 3015 }] } };
    const { run } = await check({ data: closed }, 'it');
    expect(await run()).toEqual({ exists: true });
  });

  test.each([
    ['no JSON', { body: '<html>' }],
    ['another error', { body: { errors: [{ message: 'the database is busy', code: 0 }] } }],
    ['nothing of GraphQL', { body: [] }],
  ])('%s is asked again, and then told', async (_, data) => {
    const { run, seen } = await check({ data });
    expect(await kitErrorOf(run)).toMatchObject({ code: 'server-silent', exitCode: 3 });
    expect(seen.length).toBeGreaterThan(2);
  });

  test('nothing listens', async () => {
    const { run } = await check({}, undefined, await silentHost());
    expect(await kitErrorOf(run)).toMatchObject({ code: 'server-silent', exitCode: 3 });
  });
});
