import { expect, test } from 'vitest';
import { environmentError } from '../../../../../lib/errors.js';
import {
  awaitIdle,
  isBusy,
  persistWhileBusy,
} from '../../../../../targets/droplet/account/busy.js';
import { putCluster } from '../../../../support/digitalocean/kit-cluster.js';
import { openForTest } from '../../../../support/digitalocean/open-for-test.js';

const cluster = 'ck-test-busy';
const refused = (...messages: string[]) =>
  environmentError(
    'terraform-failed',
    messages.map((message) => ({ message })),
  );
const PENDING =
  'Error Assigning reserved IP (192.0.2.1) to the droplet: POST https://api.digitalocean.com/v2/reserved_ips/192.0.2.1/actions: 422 (request "1") Droplet already has a pending event.';

function waiting() {
  const said: string[] = [];
  const progress = {
    step: () => {},
    done: () => {},
    detail: () => {},
    warn: (text: string) => void said.push(text),
  };
  return { said, cluster, progress, signal: new AbortController().signal };
}

test('only what waits for the droplet alone is tried again', () => {
  expect(isBusy(refused(PENDING))).toBe(true);
  expect(isBusy(refused(PENDING, PENDING))).toBe(true);
  expect(isBusy(refused(PENDING, 'volume limit exceeded'))).toBe(false);
  expect(isBusy(environmentError('server-version-differs', { message: PENDING }))).toBe(false);
  expect(isBusy(new Error(PENDING))).toBe(false);
});

test('waits until the action that somebody else began has ended, and says which', async () => {
  const { client, call, api } = await openForTest({ time: { action: 400 } });
  const { droplet } = await putCluster(call, cluster);
  const way = waiting();
  // The address is still being assigned.
  await awaitIdle(client, way);
  const asked = api.requests.length;
  const { body } = await call('POST', `/v2/droplets/${droplet}/actions`, {
    type: 'enable_backups',
  });
  await awaitIdle(client, way);
  expect(way.said).toEqual([
    'the droplet is busy (locked): waiting',
    'the droplet is busy (enable_backups): waiting',
  ]);
  expect((await call('GET', `/v2/actions/${body.action.id}`)).body.action.status).toBe('completed');
  expect(api.requests.slice(asked).some(({ path }) => path.endsWith(`${droplet}/actions`))).toBe(
    true,
  );
});

test('goes on after a refusal, and gives up what is refused for another reason', async () => {
  const { client } = await openForTest();
  const way = waiting();
  const outcomes: unknown[] = [refused(PENDING), refused(PENDING)];
  const work = async () => {
    const next = outcomes.shift();
    if (next !== undefined) throw next;
    return 'done';
  };
  expect(await persistWhileBusy(client, way, work)).toBe('done');
  expect(way.said).toHaveLength(2);

  const limit = refused('droplet limit exceeded');
  await expect(persistWhileBusy(client, way, () => Promise.reject(limit))).rejects.toBe(limit);
});
