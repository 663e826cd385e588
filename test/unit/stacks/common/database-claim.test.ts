import { describe, expect, test } from 'vitest';
import type { ExternalDatabase } from '../../../../cluster/settings/settings.js';

import { releaseDatabaseStage } from '../../../../targets/common/stages/release-database.js';
import { addresses, only, waitsFor } from '../../../support/stack-resources.js';
import { someDroplet, synthesizeDroplet } from '../../../support/synthesized-droplet-stack.js';
import { someSettings, synthesizeStack } from '../../../support/synthesized-stack.js';

const END = 'terraform_data.release-database';
const external: ExternalDatabase = {
  ...{ host: 'db.example.com', port: 5432, user: 'prisma', database: 'prisma' },
  ...{ ssl: 'verify-full', password: { env: 'DB_PASSWORD' } },
};
const database = { connector: 'postgres', image: 'clusterkit/gateway:0.1.0', external } as const;
const local = synthesizeStack({ settings: someSettings({ database }) }).stack;
const droplet = synthesizeDroplet({ settings: someDroplet({ database, volume: false }) }).stack;

describe.each([
  ['on this machine', local, ['docker_container.server', 'docker_container.database']],
  ['on a droplet', droplet, ['digitalocean_droplet.droplet']],
])('a cluster with an external database, %s', (_where, stack, users) => {
  test.each([...users, 'terraform_data.register'])('releases its database after %s', (user) => {
    expect(waitsFor(stack, user, END)).toBe(true);
  });

  test('and before its key store goes, which knows id and password', () => {
    expect(waitsFor(stack, END, 'terraform_data.ground')).toBe(true);
    expect(waitsFor(stack, 'terraform_data.ground', END)).toBe(false);
  });

  test('at a real destroy alone: it is never replaced', () => {
    const end = only(stack, 'terraform_data', 'release-database');
    expect(end).not.toHaveProperty('triggers_replace');
    expect(end.provisioner).toMatchObject([{ 'local-exec': { when: 'destroy' } }]);
    expect(releaseDatabaseStage.input.parse(end.input)).toEqual({
      cluster: 'one',
      keyDirectory: '/project/.clusterkit/keys/one',
      connector: 'postgres',
      external,
    });
  });

  test('it and who else logs in see the password’s variable; the others and the account do not mix', () => {
    const environments = Object.fromEntries(
      Object.entries(stack.resource.terraform_data ?? {}).map(([name, { provisioner = [] }]) => [
        name,
        (provisioner as { 'local-exec': { environment?: object } }[])[0]?.['local-exec']
          .environment,
      ]),
    );
    expect(environments['release-database']).toEqual({
      DIGITALOCEAN_TOKEN: '',
      DIGITALOCEAN_ACCESS_TOKEN: '',
    });
    expect(environments.register).toMatchObject({ DB_PASSWORD: '' });
    expect(environments.ground).toMatchObject({ DB_PASSWORD: '' });
  });
});

describe('a database that only the droplet reaches', () => {
  const byHost = { ...database, external: { ...external, checkFrom: 'host' as const } };
  const { stack } = synthesizeDroplet({
    settings: someDroplet({ database: byHost, volume: false }),
  });

  test('is released while the droplet exists, and before its key store goes', () => {
    expect(waitsFor(stack, END, 'digitalocean_droplet.droplet')).toBe(true);
    expect(waitsFor(stack, 'digitalocean_droplet.droplet', END)).toBe(false);
    expect(waitsFor(stack, 'terraform_data.install', END)).toBe(true);
    expect(waitsFor(stack, END, 'terraform_data.ground')).toBe(true);
  });

  test('the stages that go there receive it', () => {
    for (const name of ['install', 'release-database']) {
      expect(only(stack, 'terraform_data', name).input).toMatchObject({
        external: { checkFrom: 'host' },
      });
    }
  });
});

test('a plain cluster has nothing to release', () => {
  for (const { stack } of [synthesizeStack(), synthesizeDroplet()]) {
    expect(addresses(stack)).not.toContain(END);
    expect(JSON.stringify(stack)).not.toContain('release-database');
  }
});
