import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EdgeRoute } from '../../../apps/edge/edge-route.js';
import { renderHaproxy } from '../../../apps/edge/render-haproxy.js';
import { putFile } from '../../../clients/docker/put-file.js';
import { runInContainer } from '../../../clients/docker/run-in-container.js';
import { BUNDLED_EDGE } from '../../../cluster/bundled-images.js';
import { TestObjects } from '../../support/test-containers.js';

const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}[a-z0-9]$/);
const label = fc.stringMatching(/^[a-zA-Z0-9][a-zA-Z0-9-]{0,10}[a-zA-Z0-9]$/);
const domain = fc.array(label, { minLength: 2, maxLength: 4 }).map((labels) => labels.join('.'));
const port = fc.integer({ min: 1, max: 65_535 }).filter((each) => each < 9466 || each > 9468);
const path = fc.string({ unit: 'grapheme-ascii', maxLength: 60 }).map((text) => `/${text}`);
const target: fc.Arbitrary<EdgeRoute['target']> = fc.oneof(
  fc.constant({ kind: 'function' as const }),
  fc
    .uniqueArray(fc.record({ name, port }), { maxLength: 4, selector: (each) => each.name })
    .map((instances) => ({ kind: 'instances' as const, instances })),
);
const route = fc.record({
  app: name,
  ports: fc.uniqueArray(port, { maxLength: 3 }),
  domains: fc.array(domain, { maxLength: 4 }),
  target,
  healthPath: fc.option(path, { nil: undefined }),
  requestTimeoutMs: fc.integer({ min: 1, max: 3_600_000 }),
  drainMs: fc.integer({ min: 0, max: 3_600_000 }),
});
/** Settings allow each name and each port once. */
const routes = fc.uniqueArray(route, { maxLength: 6, selector: ({ app }) => app }).filter((all) => {
  const ports = all.flatMap((each) => each.ports);
  return new Set(ports).size === ports.length;
});

const COUNT = 60;

test('HAProxy accepts the configuration of any routes', async () => {
  // Without a network no name of an instance is looked up.
  const container = await new TestObjects().container('edge', {
    Image: BUNDLED_EDGE,
    Entrypoint: ['sleep', '250'],
    Healthcheck: { Test: ['NONE'] },
    HostConfig: { Init: true, NetworkMode: 'none' },
  });
  await container.start();
  const samples = fc.sample(routes, COUNT);
  for (const [index, sample] of samples.entries()) {
    await putFile(container, '/tmp', `${index}.cfg`, renderHaproxy(sample));
  }
  const script = `for ((i = 0; i < ${COUNT}; i++)); do
    why=$(haproxy -c -f /tmp/$i.cfg 2>&1) || printf '%s: %s\\n' $i "$why"
  done`;
  const { output } = await runInContainer(container, ['bash', '-c', script]);
  const refused = /^(\d+):/m.exec(output)?.[1];
  expect(output, JSON.stringify(samples[Number(refused)])).toBe('');
});
