import { expect, test } from 'vitest';
import { OwnContainers, type Owner } from '../../../../programs/waker/own-containers.js';

const ID = 'a'.repeat(64);
const LABELS = {
  'dev.clusterkit.cluster': 'local',
  'dev.clusterkit.identity': 'one',
  'dev.clusterkit.role': 'app',
  'dev.clusterkit.function': 'true',
};

/** An engine with one container, which finds it whatever the filters are. */
function begin(owner: Owner, found: { labels?: object; name?: string; state?: object } = {}) {
  const calls: string[] = [];
  const { labels = LABELS, name = '/f', state = {} } = found;
  const State = { Running: true, Paused: false, Restarting: false, ...state };
  const own = new OwnContainers(owner, async (method, path) => {
    calls.push(`${method} ${decodeURIComponent(path)}`);
    const listed = [{ Id: ID, Names: [name], State: 'running', Status: 'Up' }];
    if (path.startsWith('/containers/json')) return { status: 200, body: listed };
    const inspected = { Id: ID, Name: name, Config: { Labels: labels }, State };
    if (path.endsWith('/json')) return { status: 200, body: inspected };
    return { status: 204, body: undefined };
  });
  return { own, calls };
}

test('the engine is asked for labels and the name, and acts on the id', async () => {
  const { own, calls } = begin({ cluster: 'local', identity: 'one' });
  await own.act('f', 'pause');
  expect(calls).toEqual([
    'GET /containers/json?all=1&filters={"label":["dev.clusterkit.identity=one","dev.clusterkit.role=app","dev.clusterkit.function=true"],"name":["^/f$"]}',
    `GET /containers/${ID}/json`,
    `POST /containers/${ID}/pause`,
  ]);
});

test.each([
  ['another cluster', { cluster: 'local', identity: 'two' }, {}],
  ['another name of a cluster without identity', { cluster: 'other' }, {}],
  [
    'no function',
    { cluster: 'local' },
    { labels: { ...LABELS, 'dev.clusterkit.function': 'false' } },
  ],
  ['another role', { cluster: 'local' }, { labels: { ...LABELS, 'dev.clusterkit.role': 'edge' } }],
  ['no labels', { cluster: 'local' }, { labels: null }],
  ['another name', { cluster: 'local' }, { name: '/ff' }],
] as const)('%s: refused, whatever the engine lists', async (_, owner, found) => {
  const { own, calls } = begin(owner, found as object);
  await expect(own.act('f', 'stop')).rejects.toMatchObject({ status: 404 });
  expect(calls.filter((each) => each.startsWith('POST'))).toEqual([]);
});

test.each([
  ['stop', { Paused: true }, ['unpause', 'stop']],
  ['stop', { Running: false }, []],
  ['start', { Running: false }, ['start']],
  ['start', {}, []],
  ['unpause', {}, []],
  ['pause', { Paused: true }, []],
  ['stop', { Restarting: true }, ['stop']],
] as const)('%s when it is %j', async (action, state, steps) => {
  const { own, calls } = begin({ cluster: 'local' }, { state });
  await own.act('f', action);
  const posts = calls.filter((each) => each.startsWith('POST'));
  expect(posts).toEqual(steps.map((step) => `POST /containers/${ID}/${step}`));
});

test.each([
  ['pause', { Running: false }],
  ['unpause', { Running: false }],
  ['start', { Paused: true }],
  ['start', { Restarting: true }],
] as const)('%s when it is %j: does not fit', async (action, state) => {
  const { own } = begin({ cluster: 'local' }, { state });
  await expect(own.act('f', action)).rejects.toMatchObject({ status: 409 });
});
