import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readCliVersion } from '../../../../service/prisma-cli/cli-version.js';
import { type FoundCli, findClis } from '../../../../service/prisma-cli/find-cli.js';
import { findPrismaYml } from '../../../../service/prisma-yml/find-prisma-yml.js';
import { kitErrorOf } from '../../../support/kit-error-of.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

async function write(path: string, text = ''): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  return path;
}

describe('prisma.yml is found', () => {
  test('here, before anywhere else', async () => {
    const directory = await temporaryDirectory();
    await write(join(directory, 'prisma/prisma.yml'));
    const file = await write(join(directory, 'prisma.yml'));
    expect(await findPrismaYml(directory)).toEqual({ file, directory, by: 'here' });
  });

  test('in prisma/, named by .graphqlconfig, further up, or by flag', async () => {
    const directory = await temporaryDirectory();
    const deep = join(directory, 'a', 'b');
    await mkdir(deep, { recursive: true });
    const { code, exitCode } = await kitErrorOf(() => findPrismaYml(deep));
    expect([code, exitCode]).toEqual(['prisma-yml-missing', 2]);
    const up = await write(join(directory, 'prisma.yml'));
    expect(await findPrismaYml(deep)).toMatchObject({ file: up, by: 'above' });
    const named = await write(join(directory, 'database/prisma.yml'));
    const config = 'projects:\n  db: {extensions: {prisma: database/prisma.yml}}\n';
    await write(join(directory, 'a/.graphqlconfig.yml'), config.replace('database', '../database'));
    expect(await findPrismaYml(deep)).toMatchObject({ file: named, by: 'config' });
    const below = await write(join(deep, 'prisma/prisma.yml'));
    expect(await findPrismaYml(deep)).toMatchObject({ file: below, by: 'below' });
    expect(await findPrismaYml(deep, named)).toMatchObject({ file: named, by: 'flag' });
    await kitErrorOf(() => findPrismaYml(deep, 'none.yml'));
  });
});

/** A package with its command linked into `.bin`, as npm lays it out. */
async function install(directory: string, name: string, version: string, link = true) {
  const modules = join(directory, 'node_modules');
  await write(join(modules, name, 'package.json'), JSON.stringify({ name, version }));
  const program = await write(join(modules, name, 'dist/index.js'), '#!/usr/bin/env node\n');
  const bin = join(modules, '.bin', name);
  await mkdir(dirname(bin), { recursive: true });
  if (link) await symlink(program, bin);
  else await chmod(await write(bin, '#!/bin/sh\n'), 0o755);
  return bin;
}

const search = async (
  directory: string,
  PATH = '',
  fits: (cli: FoundCli) => boolean = () => true,
) => {
  const { clis, notes } = await findClis([directory], {
    env: { PATH },
    platform: 'linux',
    ask: (path) => readCliVersion(path, process.env),
    fits,
  });
  return { cli: clis.at(-1), clis, notes };
};

describe('the CLI is found', () => {
  test('nearest first, then on PATH', async () => {
    const directory = await temporaryDirectory();
    const service = join(directory, 'app/service');
    await mkdir(service, { recursive: true });
    expect(await search(service)).toEqual({ cli: undefined, clis: [], notes: [] });
    const global = await temporaryDirectory();
    const onPath = await install(global, 'prisma', '1.8.3');
    expect((await search(service, `:${dirname(onPath)}`)).cli).toMatchObject({ path: onPath });
    const above = await install(directory, 'prisma1', '1.34.12');
    expect((await search(service, dirname(onPath))).cli).toEqual({
      path: above,
      name: 'prisma1',
      version: { text: '1.34.12', minor: 34 },
    });
    const near = await install(service, 'prisma', '1.6.3');
    expect((await search(service)).cli).toMatchObject({ path: near, version: { minor: 6 } });
  });

  test('all of them, until one fits', async () => {
    const directory = await temporaryDirectory();
    const other = await install(directory, 'prisma1', '1.34.12');
    const hinted = await install(directory, 'prisma', '1.8.3');
    const onPath = await install(await temporaryDirectory(), 'prisma', '1.6.3');
    const paths = async (minor: number) =>
      (
        await search(directory, dirname(onPath), ({ version }) => version?.minor === minor)
      ).clis.map(({ path }) => path);
    expect(await paths(34)).toEqual([other]);
    expect(await paths(8)).toEqual([other, hinted]);
    expect(await paths(0)).toEqual([other, hinted, onPath]);
  });

  test('prisma of version 2 and later is passed over, with a note', async () => {
    const directory = await temporaryDirectory();
    const service = join(directory, 'service');
    await mkdir(service);
    const modern = await install(service, 'prisma', '5.22.0');
    const old = await install(directory, 'prisma', '1.20.7');
    expect(await search(service)).toMatchObject({
      cli: { path: old },
      notes: [`${modern} is prisma 5.22.0, not a Prisma 1 CLI: skipped`],
    });
    const beside = await install(service, 'prisma1', '1.34.12');
    expect((await search(service)).cli).toMatchObject({ path: beside, name: 'prisma1' });
  });

  test('reads the version of a wrapper script from the package beside it, if there is one', async () => {
    const directory = await temporaryDirectory();
    await write(join(directory, 'package.json'), '{"name":"prisma","version":"9.0.0"}');
    await install(directory, 'prisma', '1.7.4', false);
    expect((await search(directory)).cli).toMatchObject({ version: { minor: 7 } });
    const bare = await temporaryDirectory();
    const path = await write(join(bare, 'node_modules/.bin/prisma'), '#!/bin/sh\n');
    expect((await search(bare)).cli).toEqual({ path, name: 'prisma', version: undefined });
  });

  test.each([
    ['prisma/1.12.0 (linux-x64) node-v20.20.0', '1.12.0', []],
    ['prisma               : 5.22.0\n@prisma/client       : Not found', undefined, ['5.22.0']],
  ])('runs a wrapper without package to read its version: %s', async (told, text, passedOver) => {
    const directory = await temporaryDirectory();
    const path = await write(join(directory, 'shims/prisma'), `#!/bin/sh\ncat <<E\n${told}\nE\n`);
    await chmod(path, 0o755);
    const { cli, notes } = await search(directory, dirname(path));
    expect(cli?.version?.text).toBe(text);
    expect(notes).toEqual(
      passedOver.map((each) => `${path} is prisma ${each}, not a Prisma 1 CLI: skipped`),
    );
  });

  test('searches from the service first, then from the given directory', async () => {
    const directory = await temporaryDirectory();
    const service = join(directory, 'service');
    const here = await install(directory, 'prisma', '1.20.7');
    const own = await install(service, 'prisma', '1.8.3');
    const places = {
      env: {},
      platform: 'linux',
      ask: async () => undefined,
      fits: () => true,
    } as const;
    expect((await findClis([service, directory], places)).clis[0]?.path).toBe(own);
    const elsewhere = await temporaryDirectory();
    expect((await findClis([elsewhere, directory], places)).clis[0]?.path).toBe(here);
  });
});
