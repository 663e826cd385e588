import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { registerStage } from '../../../targets/common/stages/register.js';
import { installStage } from '../../../targets/droplet/stages/install.js';
import { apiForTest } from '../../support/digitalocean/api/api-for-test.js';
import { TEST_TOKEN } from '../../support/digitalocean/api/server.js';
import { newPublicKey } from '../../support/digitalocean/kit-cluster.js';
import { BOOT, someDroplet, synthesizeDroplet } from '../../support/synthesized-droplet-stack.js';
import { tofu, valuesOf, workspace } from './provider-workspace.js';

const custom = someDroplet({
  tags: ['team:blue'],
  backups: true,
  monitoring: true,
  vpc: '5a4981aa-9653-4bd1-bef5-d6bff52042e4',
  reservedIp: true,
  project: 'Our project',
  management: { sources: ['0.0.0.0/0', '::/0'] },
});
const MANAGED = {
  connector: 'postgres',
  image: 'clusterkit/gateway:0.1.0',
  managed: { version: '15', size: 'db-s-1vcpu-1gb', nodes: 1 },
} as const;
const home = await mkdtemp(join(tmpdir(), 'ck-test-'));
afterAll(() => rm(home, { recursive: true, force: true }));

const [STAGES, CALLS, USER_DATA] = [
  join(home, 'stages.cjs'),
  join(home, 'calls'),
  join(home, 'user-data.yaml'),
];
const KEY = newPublicKey();
// Stands in for the kit: notes down what it was called for.
await writeFile(
  STAGES,
  `require('node:fs').appendFileSync(${JSON.stringify(CALLS)}, process.argv.slice(2).join(' ') + '\\n')`,
);
await writeFile(USER_DATA, '#cloud-config\nhostname: secret-of-the-first-boot\n');

/** The stack as the kit writes it, but with its state where the test is. */
const stackOf = (settings = someDroplet(), attempt = 'first') =>
  synthesizeDroplet({
    settings,
    places: {
      ...{ stateDir: home, registry: join(home, 'config.yml'), attempt },
      identity: { id: 'ours', origin: home },
    },
    program: { node: process.execPath, script: STAGES, stateDir: home },
    boot: { ...BOOT, loginPublicKey: KEY, userDataFile: USER_DATA },
  }).text;

describe.each([
  ['terraform', undefined],
  ['tofu', tofu],
])('%s', (name, binary) => {
  it.skipIf(name === 'tofu' && binary === undefined).each([
    ['defaults', someDroplet()],
    ['everything', custom],
    ['no volume', someDroplet({ volume: false })],
    ['a managed database', someDroplet({ volume: false, database: MANAGED })],
  ])('takes the droplet stack: %s', async (_, settings) => {
    const place = await workspace({ ...(binary && { binary }) });
    await place.write(stackOf(settings));
    await place.init();
    const { valid, diagnostics } = JSON.parse(await place.good('validate', '-json'));
    expect({ valid, diagnostics }).toEqual({ valid: true, diagnostics: [] });
  });
});

describe('on an account', () => {
  it('is made once, does not change by itself, and leaves nothing but the kit’s own tag', async () => {
    const { api } = await apiForTest();
    const env = { DIGITALOCEAN_API_URL: api.url, DIGITALOCEAN_TOKEN: TEST_TOKEN };
    const place = await workspace({ env });
    const settings = someDroplet({ reservedIp: true, project: 'Our project' });
    await place.write(stackOf(settings));
    await place.init();
    await place.apply();
    expect(await place.plan()).toEqual([]);

    const state = await place.state();
    const { id, ipv4_address: host } = valuesOf(state, 'digitalocean_droplet.droplet');
    const { ip_address: address } = valuesOf(state, 'digitalocean_reserved_ip.address');
    expect(api.userData(Number(id))).toContain('secret-of-the-first-boot');
    expect(JSON.stringify(state)).not.toContain('secret-of-the-first-boot');

    const calls = (await readFile(CALLS, 'utf8')).trim().split('\n');
    const told = (name: string) =>
      JSON.parse(calls.find((call) => call.startsWith(`${name} `))?.replace(/^[^{]*/, '') ?? '');
    expect(calls.map((call) => call.split(' ')[0])).toEqual([
      'sweep-droplet',
      'install',
      'register',
    ]);
    const install = told('install');
    expect(installStage.input.parse(install)).toMatchObject({ droplet: id, host });
    const register = registerStage.input.parse(told('register'));
    expect(register.endpoint).toBe(`http://${address}:4466`);

    // After the first boot the key is gone, and another one would change nothing.
    await rm(USER_DATA);
    expect(await place.plan()).toEqual([]);
    await place.write(stackOf(someDroplet({ ...settings, region: 'nyc3' })));
    expect(await place.plan()).toContain('replace droplet.droplet');

    await place.write(stackOf(settings));
    await place.destroy();
    expect((await readFile(CALLS, 'utf8')).trim().split('\n').slice(3)).toEqual([
      expect.stringMatching(/^release /),
      expect.stringMatching(/^forget-droplet /),
      expect.stringMatching(/^forget-droplet /),
    ]);
    expect(api.objects()).toEqual([{ type: 'tag', id: 'clusterkit', name: 'clusterkit' }]);
  });
});
