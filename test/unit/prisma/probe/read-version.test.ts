import { describe, expect, test } from 'vitest';
import { Unreachable } from '../../../../prisma/probe/management-client.js';
import { readVersion } from '../../../../prisma/probe/read-version.js';
import { managementServer, silentHost } from '../../../support/management-server.js';

/** What 1.6.3 says on `/management`, and what any server says to an unknown field. */
const noSuchProject = {
  errors: [{ message: "Project not found: 'management@default'", code: 3016, requestId: 'x' }],
};
const unknownField = {
  errors: [{ message: "Query does not pass validation: Cannot query field 'serverInfo'" }],
};

describe('readVersion', () => {
  test('of generation B: serverInfo on /management, without token', async () => {
    const { host, seen } = await managementServer(() => ({
      body: { data: { serverInfo: { version: '1.8.3' } } },
    }));
    expect(await readVersion(host)).toEqual({
      version: '1.8.3',
      generation: 'B',
      path: '/management',
    });
    expect(seen.map(({ query }) => query)).toEqual(['{ serverInfo { version } }']);
    expect(seen[0]?.headers).not.toHaveProperty('authorization');
  });

  test('of generation C', async () => {
    const { host } = await managementServer(() => ({
      body: { data: { serverInfo: { version: '1.34.12' } } },
    }));
    expect(await readVersion(host)).toMatchObject({ generation: 'C', path: '/management' });
  });

  test('of generation A: only clusterInfo, only on /cluster', async () => {
    const { host, seen } = await managementServer(({ path, query }) => {
      if (path === '/management') return { body: noSuchProject };
      if (query.includes('serverInfo')) return { body: unknownField };
      return { body: { data: { clusterInfo: { version: '1.6.3' } } } };
    });
    expect(await readVersion(host)).toEqual({
      version: '1.6.3',
      generation: 'A',
      path: '/cluster',
    });
    expect(seen.map(({ path }) => path)).toEqual(['/management', '/cluster']);
  });

  test('of our own server, whose version says so', async () => {
    const { host } = await managementServer(() => ({
      body: { data: { serverInfo: { version: '1.8.0-clusterkit.0.1.0' } } },
    }));
    expect(await readVersion(host)).toMatchObject({ generation: 'B' });
  });

  test('keeps a version that it does not know', async () => {
    const { host } = await managementServer(() => ({
      body: { data: { serverInfo: { version: '3.0.0' } } },
    }));
    expect(await readVersion(host)).toEqual({
      version: '3.0.0',
      generation: undefined,
      path: '/management',
    });
  });

  test.each([
    [{ data: {} }],
    [{ data: { serverInfo: null } }],
    [{ data: { serverInfo: { version: 1 } } }],
    [{ errors: [] }],
  ])('is undefined for another GraphQL server: %j', async (body) => {
    const { host } = await managementServer(() => ({ body }));
    expect(await readVersion(host)).toBeUndefined();
  });

  test('fails where nothing listens, and at what is not GraphQL', async () => {
    await expect(readVersion(await silentHost())).rejects.toBeInstanceOf(Unreachable);
    const { host } = await managementServer(() => ({ body: '<html>' }));
    await expect(readVersion(host)).rejects.toBeInstanceOf(Unreachable);
  });
});
