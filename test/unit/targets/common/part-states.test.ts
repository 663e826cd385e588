import { expect, test } from 'vitest';
import { rolesOf } from '../../../../cluster/roles.js';
import type { ClusterSettings } from '../../../../cluster/settings/settings.js';

import { statesOf } from '../../../../targets/common/container-states.js';

const PLAIN: ClusterSettings = {
  ...{ name: 'a', target: 'docker', port: 4466 },
  server: { image: 'x', version: '1.8', auth: 'rsa' },
  database: { connector: 'postgres', image: 'y' },
};

test('defaults: a plain cluster has a database and a server, and tells of no more', () => {
  expect(rolesOf(PLAIN)).toEqual(['database', 'server']);
  expect(statesOf(rolesOf(PLAIN), () => 'running')).toEqual({
    database: 'running',
    server: 'running',
  });
});

test('a gateway and a proxy are parts where the cluster has them', () => {
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
