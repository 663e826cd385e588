import { request } from 'node:http';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { CallEngine } from '../../../../programs/waker/engine-calls.js';
import { startWaker } from '../../../../programs/waker/start-waker.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

async function begin(call: CallEngine) {
  const socket = join(await temporaryDirectory(), 'waker.sock');
  const lines: string[] = [];
  let lost = 0;
  const waker = await startWaker({
    ...{ owner: { cluster: 'local' }, call, socket, log: (line) => lines.push(line) },
    onLost: () => {
      lost += 1;
    },
  });
  onTestFinished(() => waker.stop());
  const ask = (method: string, path: string) =>
    new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
      const asking = request({ socketPath: socket, method, path, agent: false }, async (answer) => {
        let text = '';
        for await (const part of answer.setEncoding('utf8')) text += part;
        resolve({ status: answer.statusCode, text });
      });
      asking.once('error', reject);
      asking.end();
    });
  return { ask, lines, lost: () => lost };
}

test('an engine that is not behind its socket any more: told, and the program may end', async () => {
  const { ask, lines, lost } = await begin(async () => {
    throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  });
  const { status, text } = await ask('GET', '/containers');
  expect([status, lost()]).toEqual([503, 1]);
  expect(JSON.parse(text).message).toBe('the engine cannot be asked: connect ECONNREFUSED');
  expect(lines.at(-1)).toBe('GET /containers: connect ECONNREFUSED');
});

test('what the engine refuses is told with its words', async () => {
  const { ask, lost } = await begin(async () => ({ status: 500, body: { message: 'disk full' } }));
  const { status, text } = await ask('POST', '/containers/a/start');
  expect([status, JSON.parse(text), lost()]).toEqual([502, { message: 'disk full' }, 0]);
});

test('the list has names and states, nothing else', async () => {
  const listed = { Id: 'x', Names: ['/a'], State: 'paused', Status: 'Up (Paused)', Command: 'sh' };
  const { ask } = await begin(async () => ({ status: 200, body: [listed] }));
  const { text } = await ask('GET', '/containers');
  expect(JSON.parse(text)).toEqual([{ name: 'a', state: 'paused', status: 'Up (Paused)' }]);
});
