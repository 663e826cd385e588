import { describe, expect, test } from 'vitest';
import { awaitServer } from '../../../../prisma/probe/await-server.js';
import { kitErrorOf } from '../../../support/kit-error-of.js';
import { managementServer, silentHost } from '../../../support/management-server.js';

const evidence = async () => 'last words';
const whyHopeless = async () => undefined;
const version = { body: { data: { serverInfo: { version: '1.8.3' } } } };

describe('awaitServer', () => {
  test('gives the version at once when the server is there', async () => {
    const { host, seen } = await managementServer(() => version);
    expect(await awaitServer({ host, whyHopeless, evidence })).toMatchObject({ version: '1.8.3' });
    expect(seen).toHaveLength(1);
  });

  test('waits out a server that starts', async () => {
    let asked = 0;
    const { host } = await managementServer(() => {
      asked += 1;
      return asked < 4 ? { status: 502, body: '<html>Bad gateway</html>' } : version;
    });
    expect(await awaitServer({ host, whyHopeless, evidence })).toMatchObject({ version: '1.8.3' });
  });

  test('fails when time is up, with the last reason and the log', async () => {
    const host = await silentHost();
    const error = await kitErrorOf(() =>
      awaitServer({ host, whyHopeless, evidence, timeoutMs: 400 }),
    );
    expect(error).toMatchObject({ code: 'server-not-ready', exitCode: 3 });
    expect(error.problems[0]?.path).toBe(host);
    expect(error.message).toContain('ECONNREFUSED');
    expect(error.message).toContain('last words');
  });

  test('fails at what is no Prisma 1 server', async () => {
    const { host } = await managementServer(() => ({ body: { data: { hello: 'world' } } }));
    const error = await kitErrorOf(() =>
      awaitServer({ host, whyHopeless, evidence, timeoutMs: 300 }),
    );
    expect(error.message).toContain('what answers is not a Prisma 1 server');
  });

  test('fails at once when waiting is in vain, and says why', async () => {
    const host = await silentHost();
    const startedAt = performance.now();
    const hopeless = async () => 'the container keeps stopping (4 restarts, exit code 1)';
    const error = await kitErrorOf(() => awaitServer({ host, whyHopeless: hopeless, evidence }));
    expect(error.message).toContain('keeps stopping (4 restarts, exit code 1)');
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });

  test('stops at the signal', async () => {
    const host = await silentHost();
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('interrupted')), 200);
    const { signal } = controller;
    await expect(awaitServer({ host, whyHopeless, evidence, signal })).rejects.toThrow(
      'interrupted',
    );
  });
});
