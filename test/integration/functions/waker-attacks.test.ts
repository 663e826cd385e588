import { expect, test } from 'vitest';
import { BUNDLED_GATEWAY } from '../../../cluster/bundled-images.js';
import { LABEL } from '../../../cluster/names.js';
import { line, sendRaw } from './raw-waker-client.js';
import { TestFunctions } from './test-functions.js';
import { wakerAttacks } from './waker-attacks.js';

test('the waker: each attack is refused, and touches no container', async () => {
  const functions = await new TestFunctions().start();
  const { nameOf } = functions;
  const [own = ''] = await functions.create('hello');
  const instance = functions.instance('hello', 'r1', 1);
  await instance.start();
  const running = async (name: string, labels: Record<string, string>) => {
    const container = await functions.container('bystander', {
      ...{ name, Image: BUNDLED_GATEWAY, Labels: { ...functions.labels, ...labels } },
      ...{ Cmd: ['sleep', '600'], Healthcheck: { Test: ['NONE'] } },
      HostConfig: { Init: true, NetworkMode: 'none' },
    });
    await container.start();
    return container;
  };
  const marks = { [LABEL.function]: 'true', [LABEL.role]: 'app' };
  const mine = { [LABEL.identity]: functions.identity };
  const another = { [LABEL.identity]: 'another-one' };
  const bystanders = [
    await running(nameOf('server'), { ...mine, [LABEL.role]: 'server' }),
    await running(nameOf('edge'), { ...mine, [LABEL.role]: 'edge' }),
    await running(nameOf('app-web-r1-1'), { ...mine, [LABEL.role]: 'app' }),
    await running(nameOf('posing'), { ...mine, ...marks, [LABEL.role]: 'server' }),
    // A cluster of the same name, made in another directory.
    await running(nameOf('other'), { ...marks, ...another }),
    await running(nameOf('foreign'), marks),
    await running(`${own}0`, { ...marks, ...another }),
  ];
  const look = async () => {
    const all = [...bystanders, instance].map(async (each) => (await each.inspect()).State);
    return (await Promise.all(all)).map(({ Status, StartedAt, Pid }) => [Status, StartedAt, Pid]);
  };
  const before = await look();

  const { Id: ownId } = await instance.inspect();
  const attacks = wakerAttacks({ own, ownId, nameOf });
  const answers = await sendRaw(
    functions,
    attacks.map(([, text]) => text),
  );
  expect(attacks.map(([what], index) => [what, answers[index]])).toEqual(
    attacks.map(([what, , answer]) => [what, answer]),
  );
  expect(await look()).toEqual(before);

  // More connections than it has places, whose requests never end: it serves afterwards.
  const crowd = await sendRaw(functions, ['GET /containers HTTP/1.1\r\nHost: x\r\n'], 300);
  expect(crowd.filter((each) => !['closed', '408'].includes(each))).toEqual([]);
  const act = (action: string) => line('POST', `/containers/${own}/${action}`);
  const status = async () => (await instance.inspect()).State.Status;
  const asked = [line('GET', '/containers'), act('pause'), act('pause'), act('start')];
  expect(await sendRaw(functions, asked)).toEqual(['200', '204', '204', '409']);
  expect(await status()).toBe('paused');
  expect(await sendRaw(functions, [act('stop'), act('stop'), act('pause')])).toEqual([
    ...['204', '204', '409'],
  ]);
  expect(await status()).toBe('exited');
  expect((await look()).slice(0, -1)).toEqual(before.slice(0, -1));
});
