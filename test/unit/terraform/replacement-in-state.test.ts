import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { assertStays, type Fixed } from '../../../lib/terraform/replacement-in-state.js';
import { kitErrorOf } from '../../support/kit-error-of.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const instance = (type: string, attributes: object, status?: string) => ({
  type: `digitalocean_${type}`,
  instances: [{ attributes, ...(status && { status }) }],
});
const STATE = {
  resources: [
    instance('droplet', { region: 'fra1', vpc_uuid: 'v1' }),
    instance('volume', { region: 'fra1' }),
    instance('firewall', { id: 'f' }),
  ],
};

async function check(fixed: Partial<Fixed>, content: unknown = STATE) {
  const path = join(await temporaryDirectory(), 'one.tfstate');
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return assertStays({ name: 'one', region: 'fra1', ...fixed }, path);
}

describe('assertStays', () => {
  test.each([
    ['the same place', {}, STATE],
    ['any network', { vpc: 'v1' }, STATE],
    ['nothing there yet', { region: 'nyc3' }, { resources: [] }],
    ['a state for Terraform to complain about', { region: 'nyc3' }, '{'],
    [
      'a droplet that was never finished',
      { region: 'nyc3' },
      { resources: [instance('droplet', { region: 'fra1' }, 'tainted')] },
    ],
  ])('lets pass: %s', async (_, fixed, content) => {
    await check(fixed, content);
  });

  test('fails with all that would be replaced', async () => {
    const error = await kitErrorOf(() => check({ region: 'nyc3', vpc: 'v2' }));
    expect(error).toMatchObject({ code: 'replacement-refused', exitCode: 2 });
    expect(error.problems.map(({ message }) => message)).toEqual([
      'the droplet would be replaced by a new one (region fra1 → nyc3, vpc v1 → v2)',
      'the volume with the data would be replaced by a new one (region fra1 → nyc3)',
    ]);
  });
});
