import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestDropletCluster } from '../support/droplet-cluster.js';
import { knock, type WatchedDoor, watchClosed } from '../support/watch-closed.js';

const CLOSED = '22: 28, 4466: 28';

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
    expect(Object.keys(seen.elsewhere)).toEqual([CLOSED]);
    expect(seen.elsewhere[CLOSED]).toBeGreaterThan(2);
    const { host } = await cluster.account.only();
    expect(await knock(cluster.account, host)).toBe(CLOSED);
  });

  test('nor after another up, or a reboot', async () => {
    const watch = watchClosed(cluster.account);
    await cluster.account.act('reboot');
    const up = await cluster.up();
    const again = await watch.stop();
    expect(up.exitCode, up.all).toBe(0);
    expect(Object.keys(again.answers).sort()).toEqual(['no connection', 'refused']);
    // 7: nobody is there, as long as the machine is down. That is no connection either.
    for (const seen of Object.keys(again.elsewhere))
      expect(seen).toMatch(/^22: (28|7), 4466: (28|7)$/);
    expect(again.elsewhere[CLOSED]).toBeGreaterThan(0);
  });

  test('it is the firewall that keeps them out: without it there is a connection', async () => {
    const { id, host } = await cluster.account.only();
    await cluster.account.droplets.applyFirewall(id, undefined);
    // sshd is no web server (1: not HTTP); the other one is.
    expect(await knock(cluster.account, host)).toBe('22: 1, 4466: 0');
  });
});
