import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { USER_DATA, USER_DATA_SHA1 } from './provider-stack.js';
import { account, provider, tofu, valuesOf, workspace } from './provider-workspace.js';

describe('all resources together', () => {
  test('are made, read again, changed in place, and leave nothing', async () => {
    const { api, provider } = await account();
    const { use, init, plan, apply, destroy, state } = await workspace();
    await use({ provider });
    await init();
    await apply();
    expect(await plan()).toEqual([]);
    const made = await state();
    expect(valuesOf(made, 'digitalocean_droplet.droplet')).toMatchObject({
      image: 'ubuntu-24-04-x64',
      ipv4_address: '203.0.113.10',
      memory: 2048,
      status: 'active',
      user_data: USER_DATA_SHA1,
    });
    expect(valuesOf(made, 'digitalocean_volume.volume')).toMatchObject({
      region: 'fra1',
      initial_filesystem_type: 'ext4',
      urn: expect.stringMatching(/^do:volume:/),
    });
    const { id } = valuesOf(made, 'digitalocean_droplet.droplet');
    expect(api.userData(Number(id))).toBe(USER_DATA);

    await use({
      provider,
      keyName: 'ck-test-renamed',
      volumeSize: 20,
      description: 'another',
      droplet: { name: 'ck-test-renamed', size: 's-2vcpu-4gb', tags: ['ck-test:one', 'ck-test:2'] },
      firewall: { inboundRule: [{ protocol: 'udp', portRange: '53', sourceAddresses: ['::/0'] }] },
    });
    expect(await plan()).toEqual([
      'update droplet.droplet',
      'update firewall.firewall',
      'update project.project',
      'update ssh_key.key',
      'update volume.volume',
    ]);
    await apply();
    expect(await plan()).toEqual([]);
    await use({ provider, volumeSize: 10 });
    await expect(plan()).rejects.toThrow('a volume only ever grows');
    await use({ provider, volumeSize: 20 });
    const changed = await state();
    expect(valuesOf(changed, 'digitalocean_droplet.droplet')).toMatchObject({
      id,
      name: 'ck-test-renamed',
      memory: 4096,
      size: 's-2vcpu-4gb',
    });
    expect(valuesOf(changed, 'digitalocean_volume.volume').size).toBe(20);
    await destroy();
    expect(api.objects().filter(({ id }) => id !== 'ck-test:2')).toEqual([]);
  });
});

describe('the mirror', () => {
  test('serves a command line configuration too', async () => {
    const {
      directory,
      use,
      init: _,
      good,
    } = await workspace({ env: { TF_CLI_CONFIG_FILE: 'rc' } });
    await use({});
    await writeFile(
      join(directory, 'rc'),
      `provider_installation {\n  filesystem_mirror {\n    path = "${provider.mirror}"\n  }\n}\n`,
    );
    await good('init', '-input=false');
    await good('validate');
  });

  test('has the provider at OpenTofu’s address too', async () => {
    const { write, init, good } = await workspace();
    const source = `registry.opentofu.org/${provider.source}`;
    await write({ terraform: { required_providers: { digitalocean: { source } } } });
    await init();
    expect(await good('providers')).toContain(`provider[${source}]`);
  });

  test.runIf(tofu !== undefined)('serves OpenTofu', async () => {
    const { api, provider } = await account();
    const { use, init, plan, apply, destroy } = await workspace({ binary: tofu ?? '' });
    await use({ provider });
    await init();
    await apply();
    expect(await plan()).toEqual([]);
    await destroy();
    expect(api.objects()).toEqual([]);
  });
});
