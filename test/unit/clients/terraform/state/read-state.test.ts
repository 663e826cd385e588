import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  knownState,
  readState,
  requireState,
} from '../../../../../clients/terraform/state/read-state.js';
import { NO_STATE } from '../../../../../clients/terraform/state/state.js';
import { kitErrorOf } from '../../../../support/kit-error-of.js';
import { temporaryDirectory } from '../../../../support/temporary-directory.js';
import { stateWith } from '../../../../support/terraform-state.js';

const STATE = stateWith([
  { type: 'docker_volume', name: 'data', instances: [{ attributes: { id: 'é', size: null } }] },
]);
/** As Terraform writes it, with what the kit does not read. */
const TEXT = JSON.stringify(
  { ...STATE, terraform_version: '1.11.4', check_results: null },
  null,
  2,
);
const someFile = async () => join(await temporaryDirectory(), 'one.tfstate');

describe('a state', () => {
  test('is parsed', async () => {
    const path = await someFile();
    await writeFile(path, `${TEXT}\n`);
    const file = await readState(path);
    expect(file).toEqual({ kind: 'parsed', state: STATE });
    expect(requireState(file)).toEqual(STATE);
    expect(knownState(file)).toEqual(STATE);
  });

  test('that is not there, or empty, is that of nothing', async () => {
    const path = await someFile();
    expect(await readState(path)).toEqual({ kind: 'absent' });
    await writeFile(path, '');
    const file = await readState(path, 0);
    expect(file).toEqual({ kind: 'absent' });
    expect(requireState(file)).toEqual(NO_STATE);
    expect(knownState(file)).toEqual(NO_STATE);
  });

  test.each(['', TEXT.slice(0, 40)])('that is being written is awaited: %j', async (begun) => {
    const path = await someFile();
    await writeFile(path, begun);
    const reading = readState(path, 50);
    await sleep(60);
    await writeFile(path, TEXT);
    expect(await reading).toEqual({ kind: 'parsed', state: STATE });
  });

  test('that goes while it is awaited is absent', async () => {
    const path = await someFile();
    await writeFile(path, '{');
    const reading = readState(path, 50);
    await sleep(10);
    await rm(path);
    expect(await reading).toEqual({ kind: 'absent' });
  });
});

describe('what is none', () => {
  test('is an error that says what to do, to those who need the state', async () => {
    const path = await someFile();
    await writeFile(path, '{ "version": 4, "secret": "s3cret", ');
    const file = await readState(path, 0);
    expect(knownState(file)).toBeUndefined();
    const { code, exitCode, problems, message } = await kitErrorOf(() => requireState(file));
    expect([code, exitCode]).toEqual(['state-unreadable', 3]);
    expect(problems).toEqual([
      {
        path,
        message:
          "Terraform's state cannot be understood: it is not valid JSON, and may be incomplete",
        hint: `Restore it from a backup (Terraform may have left ${path}.backup); or move it away: up and down find existing objects without it.`,
      },
    ]);
    expect(message).not.toContain('s3cret');
  });

  test('is what cannot be read at all, and not taken for nothing', async () => {
    const path = await someFile();
    await mkdir(path);
    const file = await readState(path, 0);
    expect(knownState(file)).toBeUndefined();
    const { problems } = await kitErrorOf(() => requireState(file));
    expect(problems).toEqual([
      {
        path,
        message: 'cannot be read: EISDIR',
        hint: 'Make it a file that you can read and write.',
      },
    ]);
    expect((await readState(join(path, '..', '..', 'none', 'one.tfstate'))).kind).toBe('absent');
  });

  test('is every beginning of a state', async () => {
    const path = await someFile();
    const bytes = Buffer.from(TEXT);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: bytes.length - 1 }), async (length) => {
        await writeFile(path, bytes.subarray(0, length));
        expect((await readState(path, 0)).kind).toBe('unreadable');
      }),
    );
  });

  test('is any other JSON, without an error that is none of ours', async () => {
    const path = await someFile();
    await fc.assert(
      fc.asyncProperty(fc.json(), async (text) => {
        await writeFile(path, text);
        expect(await readState(path, 0)).toMatchObject({
          kind: 'unreadable',
          error: { code: 'state-unreadable' },
        });
      }),
    );
  });
});
