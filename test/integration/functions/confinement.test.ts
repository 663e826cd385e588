import { expect, test } from 'vitest';
import { runInContainer } from '../../../clients/docker/run-in-container.js';
import { TestFunctions } from './test-functions.js';

/** Lines of /proc that tell the rights of the program. */
const STATUS = 'for p in /proc/[0-9]*; do grep -qx node $p/comm && cat $p/status; done';

test('waker and activator: nothing writable, no capability; the waker has no network', async () => {
  const functions = await new TestFunctions().start();
  const sh = async (role: string, script: string) =>
    (await runInContainer(functions.get(role), ['sh', '-c', script])).output;
  const rights = async (role: string, lines: RegExp) =>
    (await sh(role, STATUS)).split('\n').filter((each) => lines.test(each));
  const none = ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'].map(
    (name) => `${name}:\t${'0'.repeat(16)}`,
  );
  for (const role of ['waker', 'activator']) {
    expect(await rights(role, /^(Cap|NoNewPrivs)/)).toEqual([...none, 'NoNewPrivs:\t1']);
    expect(await sh(role, 'touch /x /tmp/x /opt/x 2>&1 | grep -c Read-only')).toBe('3');
  }
  expect(await sh('waker', 'ls /sys/class/net')).toBe('lo');
  expect(await sh('waker', 'cat /proc/net/route | wc -l')).toBe('1');
  const waker = await functions.get('waker').inspect();
  expect(waker.Mounts.map(({ Destination }) => Destination).sort()).toEqual([
    '/run/clusterkit-wake',
    '/run/engine.sock',
  ]);
  expect(waker.HostConfig).toMatchObject({ NetworkMode: 'none', Privileged: false });
  // What faces the network has no socket of the engine, and is nobody: it cannot replace the waker's.
  const activator = await functions.get('activator').inspect();
  expect(activator.Mounts.map(({ Destination, RW }) => [Destination, RW]).sort()).toEqual([
    ['/run/clusterkit-apps', true],
    ['/run/clusterkit-wake', false],
  ]);
  expect(await rights('activator', /^[UG]id/)).toEqual([
    'Uid:\t65534\t65534\t65534\t65534',
    'Gid:\t65534\t65534\t65534\t65534',
  ]);
});
