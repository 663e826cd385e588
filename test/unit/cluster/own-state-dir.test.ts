import { execFileSync } from 'node:child_process';
import { chmod, mkdir, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { requireOwnStateDir } from '../../../cluster/own-state-dir.js';
import { kitErrorOf } from '../../support/kit-error-of.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const uid = process.getuid?.();
const ENV = { PATH: process.env.PATH, HOME: '/nonexistent', GIT_DIR: '/nonexistent' };

/** A `.clusterkit` as the kit makes it. */
async function stateDir() {
  const project = await temporaryDirectory();
  const path = join(project, '.clusterkit');
  for (const directory of ['state', 'keys/local', 'cdktf.out/stacks/local']) {
    await mkdir(join(path, directory), { recursive: true, mode: 0o700 });
  }
  for (const file of ['state/local.tfstate', 'keys/local/private.pem', 'cdktf.out/manifest.json']) {
    await writeFile(join(path, file), 'x', { mode: 0o600 });
  }
  return { project, path };
}

const warnings: string[] = [];
const check = (path: string, custom: { uid?: number | undefined } = {}) =>
  requireOwnStateDir(path, { uid, env: ENV, warn: (text) => warnings.push(text), ...custom });
const git = (cwd: string, ...argv: string[]) =>
  execFileSync('git', argv, { cwd, env: { PATH: process.env.PATH }, stdio: 'ignore' });

describe('a .clusterkit that is the user’s own', () => {
  it('passes, with and without a repository around it; and none at all', async () => {
    const { project, path } = await stateDir();
    await check(path);
    git(project, 'init', '-q');
    await check(path);
    await check(join(project, 'nothing'));
  });

  it('may be a link of the user’s to another disk', async () => {
    const { path } = await stateDir();
    const link = join(await temporaryDirectory(), '.clusterkit');
    await symlink(path, link);
    await check(link);
  });
});

describe('a .clusterkit that is not', () => {
  it.each([
    ['keys/local/private.pem', '.clusterkit/keys/local/private.pem'],
    ['state/local.tfstate', '.clusterkit/state/local.tfstate'],
  ])('is tracked by git: %s', async (file, named) => {
    const { project, path } = await stateDir();
    git(project, 'init', '-q');
    git(project, 'add', '-f', join(path, file));
    const { code, exitCode, problems } = await kitErrorOf(() => check(path));
    expect([code, exitCode]).toEqual(['state-dir-untrusted', 3]);
    expect(problems).toEqual([
      {
        path,
        message: `is tracked by git (${named}): whoever writes to the repository would decide what runs here`,
        hint: expect.stringContaining('git rm -r --cached .clusterkit'),
      },
    ]);
  });

  it('is tracked from a repository further up, of which only a folder is here', async () => {
    const { project, path } = await stateDir();
    git(dirname(project), 'init', '-q', project);
    git(project, 'add', '-f', '.clusterkit');
    const { problems } = await kitErrorOf(() => check(path));
    expect(problems[0]?.message).toContain('cdktf.out/manifest.json and 2 more');
  });

  it('belongs to somebody else', async () => {
    const { path } = await stateDir();
    const { problems } = await kitErrorOf(() => check(path, { uid: 4711 }));
    expect(problems).toEqual([
      {
        path,
        message: `belongs to user ${uid}, and you are user 4711`,
        hint: expect.stringContaining('sudo chown -R 4711 .clusterkit'),
      },
    ]);
  });

  it.each([
    ['', 0o770, 'd'],
    ['', 0o702, 'd'],
    ['state', 0o777, 'd'],
    ['keys', 0o720, 'd'],
    ['keys/local', 0o722, 'd'],
    ['cdktf.out', 0o777, 'd'],
    ['cdktf.out/stacks', 0o777, 'd'],
    ['state/local.tfstate', 0o666, 'f'],
    ['keys/local/private.pem', 0o620, 'f'],
  ])('can be written by others: %j with mode %o', async (part, mode) => {
    const { path } = await stateDir();
    await chmod(join(path, part), mode);
    const { problems } = await kitErrorOf(() => check(path));
    expect(problems).toEqual([
      {
        path: join(path, part),
        message: `others can write to it (mode ${mode.toString(8)})`,
        hint: expect.stringContaining('chmod -R go-w .clusterkit'),
      },
    ]);
    expect((await stat(join(path, part))).mode & 0o777).toBe(mode);
  });

  it.each([
    'state/local.applied',
    'state/local.failure.json',
    'state/local.lock',
    'keys/other',
    'keys/local/management-secret',
  ])('has a link in it: %s', async (part) => {
    const { path } = await stateDir();
    await symlink(join(dirname(path), 'victim'), join(path, part));
    const { problems } = await kitErrorOf(() => check(path));
    expect(problems.map((problem) => problem.path)).toEqual([join(path, part)]);
  });

  it('is a file', async () => {
    const path = join(await temporaryDirectory(), '.clusterkit');
    await writeFile(path, '', { mode: 0o600 });
    const { problems } = await kitErrorOf(() => check(path));
    expect(problems[0]?.message).toBe('is not a directory');
  });
});

it('a key that others can read becomes private, with a word', async () => {
  const { path } = await stateDir();
  const key = join(path, 'keys/local/private.pem');
  await chmod(key, 0o644);
  await chmod(join(path, 'keys/local'), 0o755);
  warnings.length = 0;
  await check(path);
  expect(warnings).toEqual([`${key} was readable by others (mode 644): now only by you`]);
  expect((await stat(key)).mode & 0o777).toBe(0o600);
  expect((await stat(join(path, 'keys/local'))).mode & 0o777).toBe(0o700);
});

it('nothing in a repository’s own configuration runs', async () => {
  const { project, path } = await stateDir();
  git(project, 'init', '-q');
  const proof = join(project, 'proof');
  for (const key of ['core.fsmonitor', 'core.pager', 'core.sshCommand', 'diff.external']) {
    git(project, 'config', key, `touch ${proof}; false`);
  }
  git(project, 'config', 'alias.ls-files', `!touch ${proof}`);
  await check(path);
  await expect(stat(proof)).rejects.toThrow('ENOENT');
});
