import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { newKeyPair } from '../../../cluster/keys/key-pair.js';
import { lockedServer } from '../../support/locked-server.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { consoleSteps } from './console-blocks.js';

const ROOT = join(import.meta.dirname, '../../..');
const PAGE = join(ROOT, 'docs/tutorial/registry.md');

/** What differs from run to run, and the width of table columns that follows from it. */
const settled = (text: string) =>
  text
    .replace(/SHA256:[\w+/]{43}/g, 'SHA256:…')
    .replace(/\d{4}-\d\d-\d\dT\d\d[:-]\d\d[:-]\d\d\.\d{3}Z(\.\d{3})?/g, '<time>')
    .replace(/\b\d+ ms\b/g, '<n> ms')
    .replace(/ {2,}/g, '  ')
    .replace(/ {2}\d+ {2}/g, '  <n>  ')
    .trim();

it('every command of the tutorial prints what the page shows', { timeout: 300_000 }, async () => {
  const home = join(await temporaryDirectory(), 'ann');
  await mkdir(home);
  const [team, other] = [await newKeyPair(), await newKeyPair()];
  await writeFile(join(home, 'team.pem'), team.privateKey.reveal(), { mode: 0o600 });
  await writeFile(join(home, 'other.pem'), other.privateKey.reveal(), { mode: 0o600 });
  const { host } = await lockedServer(team.publicKey);

  const run = async (command: string) => {
    const { all = '' } = await execa(
      'bash',
      ['-c', command.replaceAll('http://localhost:4466', host)],
      {
        cwd: home,
        env: { HOME: home, PATH: `${ROOT}/scripts:${process.env.PATH}` },
        extendEnv: false,
        all: true,
        reject: false,
      },
    );
    return settled(all.replaceAll(host, 'http://localhost:4466').replaceAll(home, '/home/ann'));
  };

  const steps = consoleSteps(await readFile(PAGE, 'utf8'));
  expect(steps.length).toBeGreaterThan(10);
  for (const { command, output } of steps) {
    let printed = await run(command);
    // On a busy machine a server may be too slow for the bound of the list: ask once more.
    if (/list$/.test(command) && printed !== settled(output)) printed = await run(command);
    expect(`$ ${command}\n${printed}`).toBe(`$ ${command}\n${settled(output)}`);
  }
});
