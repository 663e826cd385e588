import { chmod, mkdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { extract } from 'tar-stream';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type BuildContext, digestOf, dockerfileContext } from '../../../../apps/build/context.js';
import { requireSaneSize } from '../../../../apps/build/context-size.js';
import { contextTar } from '../../../../apps/build/context-tar.js';
import { directoryWith, writeFiles } from '../../../support/build-fixtures.js';
import { kitErrorOf } from '../../../support/kit-error-of.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

const digest = async (directory: string) => digestOf(await dockerfileContext(directory));

/** What a tar has, by path. */
async function contentOf(context: BuildContext, extra?: ReadonlyMap<string, string>) {
  const found: Record<string, string> = {};
  const reading = contextTar(context, extra).pipe(extract());
  for await (const entry of reading) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(Buffer.from(chunk as Buffer));
    const { name, type, mode = 0, linkname } = entry.header;
    const what = type === 'symlink' ? `-> ${linkname}` : Buffer.concat(chunks).toString();
    found[name] = type === 'directory' ? 'directory' : `${mode.toString(8)} ${what}`;
  }
  return found;
}

describe('digestOf', () => {
  const files = { Dockerfile: 'FROM scratch\n', a: '1', 'b/c': '2', link: { link: 'a' } };

  test('has no part of order, place, time, owner and other modes', async () => {
    const one = await directoryWith(files);
    const other = await directoryWith(Object.fromEntries(Object.entries(files).reverse()));
    await utimes(join(other, 'a'), 1, 1);
    await chmod(join(other, 'a'), 0o600);
    expect(await digest(one)).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(await digest(other)).toBe(await digest(one));
  });

  test.each<[string, (directory: string) => Promise<unknown>]>([
    ['content', (directory) => writeFile(join(directory, 'a'), '2')],
    ['a program', (directory) => chmod(join(directory, 'a'), 0o755)],
    ['a further file', (directory) => writeFile(join(directory, 'empty'), '')],
    ['a file that is gone', (directory) => rm(join(directory, 'b/c'))],
    [
      'the target of a link',
      async (directory) => {
        await rm(join(directory, 'link'));
        await symlink('b/c', join(directory, 'link'));
      },
    ],
    ['the Dockerfile', (directory) => writeFile(join(directory, 'Dockerfile'), 'FROM x\n')],
    ['what is ignored', (directory) => writeFile(join(directory, '.dockerignore'), 'a\n')],
  ])('differs by %s', async (_, change) => {
    const directory = await directoryWith(files);
    const before = await digest(directory);
    await change(directory);
    expect(await digest(directory)).not.toBe(before);
  });

  test('does not differ by what is ignored', async () => {
    const directory = await directoryWith({ ...files, '.dockerignore': 'node_modules\n' });
    const before = await digest(directory);
    await writeFiles(directory, { 'node_modules/x/index.js': '1' });
    expect(await digest(directory)).toBe(before);
  });

  test('is the same for the same files only', async () => {
    const name = fc.constantFrom('a', 'b', 'ab', 'c/a', 'c/b', 'ä');
    const tree = fc.dictionary(name, fc.string({ maxLength: 3 }), { noNullPrototype: true });
    await fc.assert(
      fc.asyncProperty(tree, tree, async (first, second) => {
        const directories = [await temporaryDirectory(), await temporaryDirectory()] as const;
        const add = (directory: string, some: Record<string, string>) =>
          writeFiles(directory, { Dockerfile: 'FROM scratch\n', ...some });
        const [one, two] = [
          await digest(await add(directories[0], first)),
          await digest(await add(directories[1], second)),
        ];
        const sorted = (some: object) => JSON.stringify(Object.entries(some).sort());
        expect(one === two).toBe(sorted(first) === sorted(second));
      }),
      { numRuns: 60 },
    );
  });
});

describe('contextTar', () => {
  test('has files with modes, directories and links; what an ignored directory includes again', async () => {
    const directory = await directoryWith({
      Dockerfile: 'FROM scratch\n',
      '.dockerignore': '*\n!keep\n!run\n!link\n',
      run: { program: 'go' },
      'keep/this': '1',
      'drop/that': '2',
      link: { link: '../outside' },
    });
    await mkdir(join(directory, 'keep/empty'));
    await chmod(join(directory, 'keep/this'), 0o640);
    expect(await contentOf(await dockerfileContext(directory))).toEqual({
      Dockerfile: '644 FROM scratch\n',
      '.dockerignore': '644 *\n!keep\n!run\n!link\n',
      keep: 'directory',
      'keep/empty': 'directory',
      'keep/this': '640 1',
      link: expect.stringMatching(/ -> \.\.\/outside$/),
      run: '755 go',
    });
  });

  test('generated and further files take the place of those in the directory', async () => {
    const directory = await directoryWith({ Dockerfile: 'FROM a\n', x: '1' });
    const context = await dockerfileContext(directory);
    const generated = new Map([['Dockerfile', 'FROM b\n']]);
    const found = await contentOf({ ...context, generated }, new Map([['x', '2']]));
    expect(found).toEqual({ Dockerfile: '644 FROM b\n', x: '644 2' });
  });

  test('fails when a file becomes shorter meanwhile', async () => {
    const directory = await directoryWith({ Dockerfile: 'FROM a\n', x: '12345' });
    const context = await dockerfileContext(directory);
    await writeFile(join(directory, 'x'), '1');
    expect(await kitErrorOf(() => contentOfFailing(context))).toMatchObject({
      code: 'app-context-unreadable',
      exitCode: 2,
    });
  });
});

async function contentOfFailing(context: BuildContext) {
  for await (const _ of contextTar(context)) {
    // Only its end counts.
  }
}

describe('dockerfileContext', () => {
  test('leaves sockets out', async () => {
    const directory = await directoryWith({ Dockerfile: 'FROM a\n' });
    const server = createServer().listen(join(directory, 'socket'));
    onTestFinished(() => void server.close());
    const { entries } = await dockerfileContext(directory);
    expect(entries.map(({ path }) => path)).toEqual(['Dockerfile']);
  });

  test('refuses a directory that is missing, or has no Dockerfile', async () => {
    const directory = await directoryWith({ 'a/b': '1' });
    const codeOf = async (path: string) => (await kitErrorOf(() => dockerfileContext(path))).code;
    expect(await codeOf(join(directory, 'nothing'))).toBe('app-context-missing');
    expect(await codeOf(join(directory, 'a/b'))).toBe('app-context-missing');
    expect(await codeOf(directory)).toBe('app-dockerfile-missing');
  });

  test('names what is large', async () => {
    const file = (path: string, size: number) =>
      ({ path, size, kind: 'file', mode: 0o644, modified: new Date(0) }) as const;
    const entries = [file('a', 1), file('data/1', 300e6), file('data/2', 300e6), file('b', 2e6)];
    const error = await kitErrorOf(() => requireSaneSize('/app', entries));
    expect(error).toMatchObject({ code: 'app-context-too-big', exitCode: 2 });
    expect(error.message).toContain('the largest: data/ (573 MB), b (2 MB), a (1 MB)');
    expect(requireSaneSize('/app', entries.slice(2))).toBeUndefined();
  });
});
