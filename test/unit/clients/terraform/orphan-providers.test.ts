import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { endOrphanProviders, parentOf } from '../../../../clients/terraform/orphan-providers.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

test.each([
  ['4711 (node) S 1 4711 4711 0 -1', '1'],
  ['4711 (a) b (c) S 42 4711 4711 0 -1', '42'],
  ['', ''],
])('parentOf(%j) is %j', (stat, parent) => {
  expect(parentOf(stat)).toBe(parent);
});

describe.runIf(process.platform === 'linux')('endOrphanProviders', () => {
  /** `sleep` under another name, in `directory`. */
  async function program(directory: string, name: string) {
    const path = join(directory, name);
    await copyFile('/bin/sleep', path);
    const child = spawn(path, ['60'], { cwd: directory, stdio: 'ignore' });
    onTestFinished(() => void child.kill('SIGKILL'));
    await once(child, 'spawn');
    return child;
  }
  const place = async () => realpath(await temporaryDirectory());

  test('ends a provider in its directory that has no Terraform any more', async () => {
    const directory = await place();
    const child = await program(directory, 'terraform-provider-docker_v4.6.0');
    const end = once(child, 'exit');
    expect(await endOrphanProviders(directory)).toBe(1);
    expect(await end).toEqual([null, 'SIGTERM']);
    expect(await endOrphanProviders(directory)).toBe(0);
  });

  test('leaves alone what is no provider, or works elsewhere', async () => {
    const [directory, other] = [await place(), await place()];
    await program(directory, 'something-else');
    await program(other, 'terraform-provider-docker_v4.6.0');
    expect(await endOrphanProviders(directory)).toBe(0);
  });
});
