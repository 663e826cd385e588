import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startDigitalOceanApi, TEST_TOKEN } from '../../support/digitalocean/api/server.js';
import { MINIMAL, USER_DATA } from './provider-stack.js';
import { provider, tofu, valuesOf, workspace } from './provider-workspace.js';

const SHA1_OF_USER_DATA = '194c3d2d47763e08824ce89327e583dfa648ed8d';

async function account() {
  const api = await startDigitalOceanApi();
  onTestFinished(() => api.close());
  return { api, provider: { apiEndpoint: api.url, token: TEST_TOKEN } };
}

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
      user_data: SHA1_OF_USER_DATA,
    });
    expect(valuesOf(made, 'digitalocean_volume.volume')).toMatchObject({
      region: 'fra1',
      filesystem_type: 'ext4',
      urn: expect.stringMatching(/^do:volume:/),
    });
    const { id } = valuesOf(made, 'digitalocean_droplet.droplet');
    expect(api.userData(Number(id))).toBe(USER_DATA);

    await use({
      provider,
      keyName: 'ck-test-renamed',
      volumeSize: 20,
      environment: 'PRODUCTION',
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

  test('are found by data sources', async () => {
    const { api, provider } = await account();
    const { use, init, plan, apply, destroy, state } = await workspace();
    await use({ provider, data: true });
    await init();
    await apply();
    expect(await plan()).toEqual([]);
    const found = await state();
    const droplet = valuesOf(found, 'digitalocean_droplet.droplet');
    for (const address of ['found-droplet', 'named-droplet']) {
      expect(valuesOf(found, `data.digitalocean_droplet.${address}`)).toMatchObject({
        id: Number(droplet.id),
        ipv4_address: droplet.ipv4_address,
        tags: ['ck-test:one'],
      });
    }
    expect(valuesOf(found, 'data.digitalocean_firewall.found-firewall').inbound_rule).toHaveLength(
      3,
    );
    expect(valuesOf(found, 'data.digitalocean_project.default-project').is_default).toBe(true);
    await destroy();
    expect(api.objects()).toEqual([]);
  });
});

describe('a droplet', () => {
  test('costs these calls', async () => {
    const { api, provider } = await account();
    const { use, init, apply, destroy } = await workspace();
    await use({ provider, ...MINIMAL });
    await init();
    await apply();
    const made = calls(api.requests);
    expect(made).toEqual([
      'POST /v2/account/keys 201',
      'GET /v2/account/keys/# 200',
      'GET /v2/account/keys/# 200',
      'POST /v2/droplets 202',
      'GET /v2/droplets/# 200',
    ]);
    await destroy();
    expect(calls(api.requests).slice(made.length)).toEqual([
      'GET /v2/account/keys/# 200',
      'GET /v2/droplets/# 200',
      'GET /v2/droplets/# 200',
      'DELETE /v2/droplets/# 204',
      'GET /v2/droplets/# 404',
      'DELETE /v2/account/keys/# 204',
    ]);
  });

  test('is replaced for another image, region, user_data, key, agent or monitoring', async () => {
    const { provider } = await account();
    const { use, init, plan, apply } = await workspace();
    await use({ provider, ...MINIMAL });
    await init();
    await apply();
    for (const droplet of [
      { image: 'debian-12-x64' },
      { region: 'ams3' },
      { userData: '#cloud-config\nhostname: second\n' },
      { sshKeys: ['1'] },
      { dropletAgent: false },
      { monitoring: false },
    ]) {
      await use({ provider, ...MINIMAL, droplet });
      expect(await plan(), JSON.stringify(droplet)).toEqual(['replace droplet.droplet']);
    }
    await use({ provider, ...MINIMAL, droplet: { region: 'FRA1', gracefulShutdown: true } });
    expect(await plan()).toEqual(['update droplet.droplet']);
  });

  test('has its user_data in the plan, and only a hash of it in the state', async () => {
    const { provider } = await account();
    const { use, init, good, run, apply } = await workspace();
    await use({ provider, ...MINIMAL });
    await init();
    await good('plan', '-out=plan', '-input=false');
    const plan = JSON.parse(await good('show', '-json', 'plan'));
    expect(JSON.stringify(plan.configuration)).toContain(JSON.stringify(USER_DATA).slice(1, -1));
    expect(JSON.stringify(plan.planned_values)).toContain(SHA1_OF_USER_DATA);
    await apply();
    const { stdout } = await run('state', 'pull');
    expect(stdout).not.toContain('hostname');
    expect(stdout).toContain(SHA1_OF_USER_DATA);
  });

  test('is adopted by its id', async () => {
    const { api, provider } = await account();
    const { use, init, good, plan, apply, destroy } = await workspace();
    await use({ provider, ...MINIMAL });
    await init();
    await apply();
    for (const { type, id } of api.objects().filter(({ type }) => type !== 'tag')) {
      const address = `digitalocean_${type}.${type === 'droplet' ? 'droplet' : 'key'}`;
      await good('state', 'rm', address);
      await good('import', '-input=false', address, id);
    }
    // As with the real one: what the API does not tell is unknown to the import.
    expect(await plan()).toEqual(['replace droplet.droplet', 'update ssh_key.key']);
    await destroy();
    expect(api.objects().filter(({ type }) => type !== 'tag')).toEqual([]);
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

const calls = (requests: readonly { method: string; path: string; outcome: unknown }[]) =>
  requests.map(
    ({ method, path, outcome }) => `${method} ${path.replace(/\d{3,}/, '#')} ${outcome}`,
  );
