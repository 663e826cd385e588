import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Generation } from '../../../../prisma/generation.js';
import { rememberedRoutes, routeOf } from '../../../../programs/gateway/route-of.js';

const route = (
  target: string,
  { method = 'POST', isUpgrade = false, generation = 'B' as Generation } = {},
) => routeOf({ method, target, isUpgrade }, generation);

/** A route in short. */
function short(...args: Parameters<typeof route>): string {
  const found = route(...args);
  switch (found.kind) {
    case 'service':
      return `${found.service} ${found.stage} ${found.endpoint}`;
    case 'subscription':
      return `ws ${found.service} ${found.stage}`;
    case 'management':
      return `management at ${found.serverPath}${found.oldNames ? ', old names' : ''}`;
    case 'page':
      return `page of ${found.area}`;
    case 'closed':
      return `closed ${found.status}`;
    default:
      return found.kind;
  }
}

describe('the management API', () => {
  test.each([
    ['A', '/cluster', 'management at /cluster'],
    ['A', '/management', 'management default graphql'],
    ['B', '/cluster', 'management at /cluster'],
    ['B', '/management', 'management at /management'],
    ['C', '/management', 'management at /management'],
    ['C', '/cluster', 'management at /management, old names'],
    ['C', '/cluster/dev', 'cluster dev graphql'],
    ['C', '/management-app/dev', 'management-app dev graphql'],
    ['C', '/management/dev', 'closed 404'],
    ['A', '/clusters/dev', 'closed 404'],
  ] as const)('%s has %s: %s', (generation, path, expected) => {
    expect(short(path, { generation })).toBe(expected);
  });

  test.each([
    ['/management/', 'management at /management'],
    ['/%6Danagement', 'management at /management'],
    ['/management?x=1', 'management at /management'],
    ['//management', 'management at /management'],
    ['/management//', 'management at /management'],
    ['/Management', 'Management default graphql'],
    ['/management-app/dev', 'closed 404'],
    ['/clusters', 'closed 404'],
    ['/management/schema/demo@dev', 'closed 404'],
    ['/./management', 'closed 400'],
    ['/demo/../management', 'closed 400'],
    ['/%2fmanagement', 'closed 400'],
    ['/management%2f', 'closed 400'],
    ['/management/x', 'closed 404'],
    ['/cluster/schema', 'closed 404'],
    ['http://example.com/management', 'closed 400'],
    ['*', 'closed 400'],
  ])('%s is %s', (path, expected) => {
    expect(short(path)).toBe(expected);
  });

  test('has pages, and no subscriptions', () => {
    expect(short('/management', { method: 'GET' })).toBe('page of management');
    // There, servers up to 1.26 give away the secrets of services.
    expect(short('/cluster/schema/demo@dev', { method: 'GET' })).toBe('closed 404');
    expect(short('//management//schema/demo@dev', { method: 'GET' })).toBe('closed 404');
    expect(short('/management', { method: 'GET', isUpgrade: true })).toBe('closed 404');
  });
});

describe('services', () => {
  test.each([
    ['/demo/dev', 'demo dev graphql'],
    ['/demo/dev/', 'demo dev graphql'],
    ['/demo', 'demo default graphql'],
    ['/demo/dev/import', 'demo dev import'],
    ['/demo/dev/export', 'demo dev export'],
    ['/demo/dev/private', 'demo dev private'],
    ['/space/demo/dev', 'space~demo dev graphql'],
    ['/space/demo/dev/export', 'space~demo dev export'],
    ['/a/b/c/d', 'closed 404'],
    ['/', 'default default graphql'],
    ['/demo//dev', 'demo dev graphql'],
    ['//demo/dev//', 'demo dev graphql'],
    ['/demo/export', 'demo default export'],
    ['/demo/export/import', 'closed 404'],
    ['/export', 'default default export'],
    ['/private/dev', 'private dev graphql'],
    ['/demo/dev/_datamodel', 'closed 404'],
    ['/demo/./dev', 'closed 400'],
    ['/demo/..', 'closed 400'],
    ['/demo/d%C3%A9v', 'closed 404'],
    ['/9demo/dev', 'closed 404'],
    ['/demo/dev%3Bx', 'closed 404'],
    ['/demo/%zz', 'closed 400'],
    ['/demo/%00', 'closed 400'],
    ['/demo/dev#x', 'closed 400'],
  ])('%s is %s', (path, expected) => {
    expect(short(path)).toBe(expected);
  });

  test('upgrades are subscriptions', () => {
    const upgrade = (path: string) => short(path, { method: 'GET', isUpgrade: true });
    expect([upgrade('/demo/dev'), upgrade('/demo'), upgrade('/space/demo/dev')]).toEqual([
      ...['ws demo dev', 'ws demo default', 'ws space~demo dev'],
    ]);
    // There servers read the last segment as a stage, which cannot be.
    expect([upgrade('/demo/export'), upgrade('/demo/dev/private')]).toEqual([
      ...['closed 404', 'closed 404'],
    ]);
  });

  test.each(['GET', 'HEAD', 'OPTIONS'])('%s reaches no data', (method) => {
    expect(short('/demo/dev', { method })).toBe('page of data');
  });

  test('all spellings have one key', () => {
    const key = (path: string) => {
      const found = route(path);
      return found.kind === 'service' ? found.key : found.kind;
    };
    const spellings = [
      '/demo/default',
      '/demo',
      '/Demo/',
      '/%64emo/DEFAULT',
      '/demo/default/import',
    ];
    expect(new Set(spellings.map(key))).toEqual(new Set(['demo/default']));
  });
});

test('what the server reads names service and stage in full, whatever the client wrote', () => {
  const pathOf = (target: string, generation: Generation = 'B') => {
    const found = route(target, { generation });
    return 'serverPath' in found ? found.serverPath : found.kind;
  };
  const spellings = ['/demo', '//demo/', '/%64emo/default', '/demo//default?x=/management'];
  expect(new Set(spellings.map((path) => pathOf(path)))).toEqual(new Set(['/demo/default']));
  expect(pathOf('/demo/export')).toBe('/demo/default/export');
  expect(pathOf('/export')).toBe('/default/default/export');
  expect(pathOf('/space/demo/dev/private')).toBe('/space/demo/dev/private');
  expect(pathOf('/demo/dev/_datamodel', 'C')).toBe('/demo/dev/_datamodel');
});

test.each([
  ['GET', '/healthz', 'health'],
  ['POST', '/healthz', 'healthz default graphql'],
  ['TRACE', '/demo/dev', 'closed 405'],
  ['CONNECT', 'example.com:443', 'closed 405'],
])('%s %s is %s', (method, path, expected) => {
  expect(short(path, { method })).toBe(expected);
});

test('whatever the path, only a path of the management API becomes one', () => {
  const piece = fc.oneof(
    fc.constantFrom('/', '.', '..', '%2f', '%2F', 'management', 'cluster', '\\', ';', '?', '%6d'),
    fc.string({ maxLength: 4 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
      const target = `/${pieces.join('')}`;
      const found = route(target);
      if (found.kind === 'management') {
        const path = decodeURIComponent(target.split('?')[0] ?? '')
          .replace(/\/+/g, '/')
          .replace(/\/$/, '');
        expect(['/management', '/cluster']).toContain(path);
      }
      if (found.kind === 'service') {
        expect(found.service).not.toMatch(/^(management|cluster)/);
        expect(found.serverPath).toMatch(/^\/[\w~-]+\/[\w~-]+(\/[\w-]+){0,2}$/);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('names that no database has room for are no services', () => {
  const statusOf = (target: string) => {
    const found = route(target);
    return found.kind === 'closed' ? found.status : found.kind;
  };
  expect([statusOf(`/${'x'.repeat(140)}/dev`), statusOf(`/${'x'.repeat(141)}/dev`)]).toEqual([
    'service',
    404,
  ]);
});

test('remembered routes are those that would be found anew, also for many and long targets', () => {
  const remembered = rememberedRoutes('C');
  const line = (method: string, target: string, isUpgrade = false) => ({
    ...{ method, target, isUpgrade },
  });
  const lines = [
    ...Array.from({ length: 1_500 }, (_, index) => line('POST', `/s${index}/dev`)),
    ...[line('GET', '/s1/dev'), line('POST', '/s1/dev', true), line('POST', '/cluster')],
    ...[line('POST', `/${'x'.repeat(300)}`), line('POST', '//x'), line('OPTIONS', '/cluster')],
  ];
  for (const one of [...lines, ...lines]) expect(remembered(one)).toEqual(routeOf(one, 'C'));
});
