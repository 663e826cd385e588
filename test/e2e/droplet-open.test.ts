import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestDropletCluster } from '../support/droplet-cluster.js';
import { knock, type WatchedDoor, watchClosed } from '../support/watch-closed.js';

const CLOSED = { 22: 'silent', 4466: 'silent' };

/**
 * Silence, as a firewall answers that drops; or nobody is at the address, as while a machine is down.
 * A refusal would come from the machine itself, which the question has then reached.
 */
const CLOSED_OR_DOWN = [22, 4466].flatMap((port) => [`${port}: silent`, `${port}: no machine`]);

function expectClosed({ elsewhere }: WatchedDoor): void {
  expect(Object.keys(elsewhere).filter((seen) => !CLOSED_OR_DOWN.includes(seen))).toEqual([]);
  expect(elsewhere['22: silent']).toBeGreaterThan(0);
  expect(elsewhere['4466: silent']).toBeGreaterThan(0);
}

describe('a droplet is closed from its first second', () => {
  let cluster: TestDropletCluster;
  let seen: WatchedDoor;

  beforeAll(async () => {
    cluster = await TestDropletCluster.create();
    const watch = watchClosed(cluster.account);
    const up = await cluster.up();
    seen = await watch.stop();
    expect(up.exitCode, up.all).toBe(0);
  });
  afterAll(() => cluster?.dispose());

  test('asked every 100 ms without a token, the server refused, or was not there yet', () => {
    expect(Object.keys(seen.answers).sort()).toEqual(['no connection', 'refused']);
    expect(seen.answers.refused).toBeGreaterThan(0);
  });

  test('from an address that is no source there was no connection, by ssh neither', async () => {
    expectClosed(seen);
    const { host } = await cluster.account.only();
    expect(await knock(cluster.account, host)).toEqual(CLOSED);
  });

  test('nor after another up, or a reboot', async () => {
    const watch = watchClosed(cluster.account);
    await cluster.account.act('reboot');
    const up = await cluster.up();
    const again = await watch.stop();
    expect(up.exitCode, up.all).toBe(0);
    expect(Object.keys(again.answers).sort()).toEqual(['no connection', 'refused']);
    expectClosed(again);
  });

  test('it is the firewall that keeps them out: without it there is a connection', async () => {
    const { id, host } = await cluster.account.only();
    await cluster.account.droplets.applyFirewall(id, undefined);
    expect(await knock(cluster.account, host)).toEqual({ 22: 'connected', 4466: 'connected' });
  });
});
