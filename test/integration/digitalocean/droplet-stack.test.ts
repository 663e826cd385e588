import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { someDroplet, synthesizeDroplet } from '../../support/synthesized-droplet-stack.js';
import { tofu, workspace } from './provider-workspace.js';

const custom = someDroplet({
  tags: ['team:blue'],
  backups: true,
  monitoring: true,
  vpc: '5a4981aa-9653-4bd1-bef5-d6bff52042e4',
  reservedIp: true,
  project: 'Our project',
  management: { sources: ['0.0.0.0/0', '::/0'] },
});
const home = await mkdtemp(join(tmpdir(), 'ck-test-'));
afterAll(() => rm(home, { recursive: true, force: true }));

/** The stack as the kit writes it, but with its state where the test is. */
const stackOf = (settings = someDroplet()) =>
  synthesizeDroplet({
    settings,
    places: { stateDir: home, registry: join(home, 'config.yml'), attempt: 'first' },
  }).text;

describe.each([
  ['terraform', undefined],
  ['tofu', tofu],
])('%s', (name, binary) => {
  it.skipIf(name === 'tofu' && binary === undefined).each([
    ['defaults', someDroplet()],
    ['everything', custom],
    ['no volume', someDroplet({ volume: false })],
  ])('takes the droplet stack: %s', async (_, settings) => {
    const place = await workspace({ ...(binary && { binary }) });
    await place.write(stackOf(settings));
    await place.init();
    const { valid, diagnostics } = JSON.parse(await place.good('validate', '-json'));
    expect({ valid, diagnostics }).toEqual({ valid: true, diagnostics: [] });
  });
});
