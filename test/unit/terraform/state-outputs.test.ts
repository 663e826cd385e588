import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { outputsInState } from '../../../lib/terraform/state-outputs.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

test('texts only; nothing where there is no file, or none that can be understood', async () => {
  const path = join(await temporaryDirectory(), 'a.tfstate');
  expect(await outputsInState(path)).toEqual({});
  const outputs = {
    endpoint: { value: 'http://192.0.2.7:4466', type: 'string' },
    count: { value: 3, type: 'number' },
  };
  await writeFile(path, JSON.stringify({ version: 4, outputs, resources: [] }));
  expect(await outputsInState(path)).toEqual({ endpoint: 'http://192.0.2.7:4466' });
  await writeFile(path, '{"outputs": ');
  expect(await outputsInState(path)).toEqual({});
});
