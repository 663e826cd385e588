import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { connectEngine, type Engine } from '../../../../clients/docker/connect.js';
import { findImage, pullImage } from '../../../../clients/docker/find-image.js';
import { readLog } from '../../../../clients/docker/read-log.js';
import { connectRemoteEngine } from '../../../../clients/docker/remote-engine.js';
import { runInContainer } from '../../../../clients/docker/run-in-container.js';
import { awaitDatabase } from '../../../../cluster/objects/await-database.js';
import { findClusterObjects } from '../../../../cluster/objects/cluster-objects.js';
import { portConflict } from '../../../../cluster/objects/port-conflict.js';
import { kitErrorOf } from '../../../support/kit-error-of.js';

const LIMIT_MS = 300;

/** An engine that connects like any other; what it says to later calls, if anything, is the test's. */
async function serving(answer: (response: ServerResponse) => void): Promise<number> {
  const server = createServer(({ url = '' }, response) => {
    if (/^\/(version|_ping)/.test(url)) response.end('{"ApiVersion":"1.47"}');
    else answer(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

async function hostileEngine(answer: (response: ServerResponse) => void): Promise<Engine> {
  const port = await serving(answer);
  const address = { host: `tcp://127.0.0.1:${port}`, from: 'DOCKER_HOST' };
  return connectEngine(address, {}, undefined, LIMIT_MS);
}

/** A new call of the kit is one line. */
const CALLS: readonly [what: string, call: (engine: Engine) => Promise<unknown>][] = [
  ['objects of a cluster', (engine) => findClusterObjects(engine, 'one')],
  ['the owner of a port', (engine) => portConflict(engine, { name: 'one', port: 1 })],
  ['an image', (engine) => findImage(engine, 'one')],
  ['a network', (engine) => engine.createNetwork({ Name: 'one' })],
  ['a start', (engine) => engine.getContainer('one').start()],
  ['an end', (engine) => engine.getContainer('one').stop()],
  ['a removal', (engine) => engine.getContainer('one').remove({ force: true })],
  ['a command in a container', (engine) => runInContainer(engine.getContainer('one'), ['true'])],
  [
    'an archive',
    (engine) => engine.getContainer('one').putArchive(Buffer.from('x'), { path: '/' }),
  ],
];

const STALLS: readonly [how: string, answer: (response: ServerResponse) => void][] = [
  ['says nothing', () => {}],
  ['stops in the middle of an answer', (response) => void response.write('[')],
];

test.each(STALLS)(
  'an engine that accepts a call and %s ends it with the reason',
  async (_, answer) => {
    const engine = await hostileEngine(answer);
    const errors = await Promise.all(
      CALLS.map(([what, call]) =>
        kitErrorOf(() => call(engine)).then((error) => [what, error] as const),
      ),
    );
    for (const [what, error] of errors) {
      expect([what, error.code, error.exitCode]).toEqual([what, 'engine-unreachable', 3]);
      expect(error.message, what).toMatch(
        /from DOCKER_HOST\): no answer to [A-Z]+ \/\S+ within 0.3 s/,
      );
    }
  },
);

test('the beginning of a pull and of a log has the limit', async () => {
  const engine = await hostileEngine(() => {});
  const { signal } = new AbortController();
  const pull = await kitErrorOf(() => pullImage(engine, { reference: 'a/b:1', env: {} }));
  expect(pull.message).toContain('no answer to POST /images/create within 0.3 s');
  const log = await kitErrorOf(() =>
    readLog(engine, 'one', { follow: true }, async () => {}, signal),
  );
  expect(log.message).toContain('no answer to GET /containers/one/logs within 0.3 s');
});

test('what lasts by its nature goes on after the limit', async () => {
  const engine = await hostileEngine((response) => {
    response.write('{"status":"1"}\n');
    setTimeout(() => response.end('{"status":"2"}\n'), 3 * LIMIT_MS);
  });
  expect(await text(await engine.pull('a/b:1'))).toBe('{"status":"1"}\n{"status":"2"}\n');
});

test('an archive that stops on its way is an error of its reader', async () => {
  const engine = await hostileEngine((response) => void response.write('x'));
  const stream = await engine.getContainer('one').getArchive({ path: '/' });
  await expect(text(stream)).rejects.toThrow('no answer to GET /containers/one/archive within');
});

test('a signal of the caller ends a call at once, with its own error', async () => {
  const engine = await hostileEngine(() => {});
  const controller = new AbortController();
  const pulled = engine.pull('a/b:1', { abortSignal: controller.signal });
  controller.abort();
  await expect(pulled).rejects.toMatchObject({ name: 'AbortError' });
});

test('the wait for a database does not outlast its own limit', async () => {
  const engine = await hostileEngine(() => {});
  const wait = { container: 'one', connector: 'postgres', secrets: [], timeoutMs: 1 } as const;
  const error = await kitErrorOf(() => awaitDatabase(engine, wait));
  expect(error.exitCode).toBe(3);
});

test('an engine behind streams has the same limit', async () => {
  const port = await serving(() => {});
  const dial = async () => connect(port, '127.0.0.1');
  const engine = await connectRemoteEngine({ address: 'far', dial, limitMs: LIMIT_MS });
  const error = await kitErrorOf(() => findImage(engine, 'one'));
  expect(error).toMatchObject({ code: 'engine-unreachable', exitCode: 3 });
  expect(error.message).toContain(
    'far: no Docker engine answers (no answer to GET /images/one/json',
  );
});
