// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform's templates
import { expect, test } from 'vitest';
import { addresses, only, waitsFor } from '../../../support/stack-resources.js';
import { someDroplet, synthesizeDroplet } from '../../../support/synthesized-droplet-stack.js';

const database = {
  connector: 'postgres',
  image: 'clusterkit/gateway:0.1.0',
  managed: { version: '15', size: 'db-s-1vcpu-1gb', nodes: 1 },
} as const;
const settings = someDroplet({ database, volume: false });
const { stack, text } = synthesizeDroplet({ settings });

test('a managed database is two stages, and no resource of the provider’s', () => {
  expect(addresses(stack)).toEqual([
    'digitalocean_droplet.droplet',
    'digitalocean_firewall.firewall',
    'digitalocean_ssh_key.login',
    'digitalocean_tag.tag',
    'terraform_data.drop-database',
    'terraform_data.ground',
    'terraform_data.install',
    'terraform_data.managed-database',
    'terraform_data.order',
    'terraform_data.register',
    'terraform_data.release',
    'terraform_data.remains',
    'terraform_data.sweep',
  ]);
  expect(text).not.toContain('digitalocean_database');
});

test('it is made when the tag is there that may connect, and before anything is installed', () => {
  for (const [later, earlier] of [
    ['terraform_data.managed-database', 'digitalocean_tag.tag'],
    ['terraform_data.managed-database', 'terraform_data.drop-database'],
    ['terraform_data.install', 'terraform_data.managed-database'],
  ] as const) {
    expect([later, waitsFor(stack, later, earlier)]).toEqual([later, true]);
  }
  const install = only(stack, 'terraform_data', 'install');
  expect(Object.values(install.triggers_replace ?? {})).toContain(
    '${terraform_data.managed-database.id}',
  );
});

test('its end is never replaced, and runs at a destroy alone', () => {
  const end = only(stack, 'terraform_data', 'drop-database');
  expect(end).not.toHaveProperty('triggers_replace');
  expect(end.provisioner).toMatchObject([{ 'local-exec': { when: 'destroy' } }]);
  expect(end.input).toEqual({
    cluster: 'one',
    project: '/project/.clusterkit',
    keyDirectory: '/project/.clusterkit/keys/one',
  });
});

test('the stages get the account’s token in a variable, never in their input', () => {
  for (const name of ['managed-database', 'drop-database']) {
    const { provisioner } = only(stack, 'terraform_data', name);
    expect(JSON.stringify(provisioner)).not.toContain('environment');
  }
  expect(only(stack, 'terraform_data', 'managed-database').input).toEqual({
    cluster: 'one',
    project: '/project/.clusterkit',
    keyDirectory: '/project/.clusterkit/keys/one',
    connector: 'postgres',
    version: '1.8',
    managed: { version: '15', size: 'db-s-1vcpu-1gb', nodes: 1, region: 'fra1' },
  });
});
