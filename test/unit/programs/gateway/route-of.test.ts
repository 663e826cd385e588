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
  ] as const)('%s has %s: %s', (generation, path, expected) => {
    expect(short(path, { generation })).toBe(expected);
  });

  test.each([
    ['/management/', 'management at /management'],
    ['/%6Danagement', 'management at /management'],
    ['/management?x=1', 'management at /management'],
    ['//management', 'closed 400'],
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
    expect(short('/cluster/x', { method: 'GET' })).toBe('page of management');
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
    ['/', 'closed 404'],
    ['/demo//dev', 'closed 400'],
    ['/demo/%zz', 'closed 400'],
    ['/demo/%00', 'closed 400'],
    ['/demo/dev#x', 'closed 400'],
  ])('%s is %s', (path, expected) => {
    expect(short(path)).toBe(expected);
  });

  test('upgrades are subscriptions', () => {
    expect(short('/demo/dev', { method: 'GET', isUpgrade: true })).toBe('ws demo dev');
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
        const path = decodeURIComponent(target.split('?')[0] ?? '').replace(/\/$/, '');
        expect(['/management', '/cluster']).toContain(path);
      }
      if (found.kind === 'service') expect(found.service).not.toMatch(/^(management|cluster)$/);
    }),
    { numRuns: 2_000 },
  );
});

test('names that no database has room for are no services', () => {
  const statusOf = (target: string) => {
    const found = route(target);
    return found.kind === 'closed' ? found.status : found.kind;
  };
  expect([statusOf(`/${'x'.repeat(200)}/dev`), statusOf(`/${'x'.repeat(201)}/dev`)]).toEqual([
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
