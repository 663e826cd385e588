import { expect, test } from 'vitest';
import { rolesOf } from '../../../../cluster/roles.js';
import type { ClusterSettings } from '../../../../cluster/settings/settings.js';

import {
  allContainers,
  containersOn,
  statesOf,
  usageOn,
} from '../../../../targets/common/container-states.js';
import { engineWith, type ListedContainer } from '../../../support/docker-api.js';

const PLAIN: ClusterSettings = {
  ...{ name: 'a', target: 'docker', port: 4466 },
  server: { image: 'x', version: '1.8', auth: 'rsa' },
  database: { connector: 'postgres', image: 'y' },
};

test('defaults: a plain cluster has a database and a server, and nothing else', () => {
  expect(rolesOf(PLAIN)).toEqual(['database', 'server']);
  expect(statesOf(rolesOf(PLAIN), () => 'running')).toEqual({
    database: 'running',
    server: 'running',
  });
});

test('a gateway and a proxy are containers where the cluster has them', () => {
  const behind = { ...PLAIN, gateway: { image: 'z' } };
  expect(rolesOf(behind)).toEqual(['database', 'server', 'gateway']);
  const secure = { ...behind, target: 'digitalocean', tls: { kind: 'pinned', proxyImage: 'p' } };
  const roles = rolesOf(secure as ClusterSettings);
  expect(statesOf(roles, (role) => `${role}'s`)).toEqual({
    database: "database's",
    server: "server's",
    gateway: "gateway's",
    proxy: "proxy's",
  });
});

test('all in one state', () => {
  expect(allContainers({ ...PLAIN, gateway: { image: 'z' } }, 'absent')).toEqual({
    database: 'absent',
    server: 'absent',
    gateway: 'absent',
  });
});

/** What the engines of these machines, each with its containers, report of a cluster. */
async function statesOn(
  machines: readonly (readonly ListedContainer[])[],
  settings: ClusterSettings = PLAIN,
) {
  const engines = await Promise.all(machines.map(engineWith));
  const opened = engines.map((engine) => ({ engine }));
  const containers = await containersOn(opened, settings);
  const { signal } = new AbortController();
  return { containers, ...(await usageOn(opened, settings, containers, signal)) };
}
const container = (role: string, state: string, name: string = role) => ({ name, role, state });

test('one machine: states as its engine has them; what it lacks is absent', async () => {
  const found = await statesOn([[container('server', 'exited'), container('other', 'running')]]);
  expect(found).toEqual({ containers: { database: 'absent', server: 'exited' } });
});

test('several machines are one cluster', async () => {
  const found = await statesOn([
    [container('database', 'running')],
    [container('server', 'running')],
  ]);
  expect(found).toEqual({ containers: { database: 'running', server: 'running' } });
});

test.each([
  [['running', 'running'], 'running'],
  [['running', 'exited'], 'exited'],
  [['restarting', 'running'], 'restarting'],
  [['running', 'paused', 'exited'], 'paused'],
])('several containers of a role, %j: %s', async (states, expected) => {
  const servers = states.map((state, index) => container('server', state, `server-${index}`));
  const onOne = await statesOn([servers]);
  const onSeveral = await statesOn(servers.map((each) => [each]));
  expect([onOne.containers.server, onSeveral.containers.server]).toEqual([expected, expected]);
});

test('a gateway with limits is asked for the usage on the machine that has it', async () => {
  const settings = {
    ...PLAIN,
    gateway: { image: 'z', limits: { requests: 1, perSeconds: 1, queue: 1, storageMb: 1 } },
  };
  const stopped = await statesOn([[container('gateway', 'exited')]], settings);
  expect(stopped).toEqual({
    containers: { database: 'absent', server: 'absent', gateway: 'exited' },
  });
  const { usage } = await statesOn([[], [container('gateway', 'running')]], settings);
  expect(usage).toEqual({
    problem: { path: 'clusterkit-a-gateway', message: expect.stringContaining('no /containers/') },
  });
});
