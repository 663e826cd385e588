import { expect, it } from 'vitest';
import { recovered } from '../../../../apps/document/recovered.js';
import { someApp } from '../../../support/some-app.js';

const instance = (app: string, release: string, number: number, state: string) => {
  const name = `${app}-${release}-${number}`;
  return { id: name, name, app, release, state, status: '' };
};

it('takes the newest release that runs, with the routes of clusters.yml', () => {
  const web = someApp('web', { port: 3000, published: 8080, health: '/health', instances: 2 });
  const hello = someApp('hello', { kind: 'function', port: 8080 });
  const instances = [
    ...[instance('web', 'r2', 1, 'exited'), instance('web', 'r10', 1, 'running')],
    ...[instance('web', 'r10', 2, 'restarting'), instance('web', 'r11', 1, 'created')],
    ...[instance('hello', 'r1', 1, 'paused'), instance('unnamed', 'r1', 1, 'running')],
  ];
  const all = recovered([web, hello, someApp('absent')], instances, '2026-01-01T00:00:00.000Z');
  expect(Object.keys(all.apps)).toEqual(['web', 'hello']);
  expect(all.apps.web).toEqual({
    current: 'r10',
    next: 12,
    releases: [
      {
        ...{ id: 'r10', revision: '', at: '2026-01-01T00:00:00.000Z', kind: 'app', domains: [] },
        ...{ image: { id: '', reference: '' }, instances: ['web-r10-1', 'web-r10-2'] },
        ...{ port: 3000, published: 8080, health: '/health', timeoutMs: 60_000, drainMs: 30_000 },
      },
    ],
  });
  expect(all.apps.hello).toMatchObject({ current: 'r1', next: 2 });
});
