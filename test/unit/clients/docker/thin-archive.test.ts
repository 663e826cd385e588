import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { extract, pack } from 'tar-stream';
import { expect, test } from 'vitest';
import {
  stacksOf,
  surplusEntries,
  withoutEntries,
} from '../../../../clients/docker/thin-archive.js';

const LAYER = 'x'.repeat(2 * 1024 * 1024);

/** As engines write it: the manifest comes last. Two images share the layer `base`. */
async function archive(): Promise<Readable> {
  const made = pack();
  const config = (...layers: string[]) => JSON.stringify({ rootfs: { diff_ids: layers } });
  const image = (name: string, ...layers: string[]) => ({
    Config: `${name}.json`,
    Layers: layers.map((layer) => `${layer}/layer.tar`),
  });
  made.entry({ name: 'one.json' }, config('base', 'one'));
  made.entry({ name: 'two.json' }, config('base', 'two'));
  made.entry({ name: 'base', type: 'directory' });
  for (const layer of ['base', 'one', 'two']) made.entry({ name: `${layer}/layer.tar` }, LAYER);
  made.entry({ name: 'copy/layer.tar', type: 'symlink', linkname: '../base/layer.tar' });
  const images = [image('one', 'base', 'one'), image('two', 'base', 'two')];
  made.entry({ name: 'manifest.json' }, JSON.stringify(images));
  made.finalize();
  return Readable.from([await buffer(Readable.from(made))]);
}

test('a layer is known by those below it', () => {
  expect(stacksOf(['a', 'b', 'c'])).toEqual(['a', 'a b', 'a b c']);
});

test.each([
  ['nothing', [], []],
  ['the base', ['base'], ['base/layer.tar']],
  ['one image', ['base', 'base one'], ['base/layer.tar', 'one/layer.tar']],
  ['the same layer on another one', ['other', 'other two'], []],
])('a receiver that has %s', async (_, stacks, surplus) => {
  const found = await surplusEntries(await archive(), new Set(stacks));
  expect([...found].sort()).toEqual(surplus);
});

test('a layer that one image needs on top of another base stays', async () => {
  const made = pack();
  made.entry({ name: 'a.json' }, JSON.stringify({ rootfs: { diff_ids: ['base', 'top'] } }));
  made.entry({ name: 'b.json' }, JSON.stringify({ rootfs: { diff_ids: ['other', 'top'] } }));
  const images = ['a', 'b'].map((name) => ({
    Config: `${name}.json`,
    Layers: [name === 'a' ? 'base' : 'other', 'top'],
  }));
  made.entry({ name: 'manifest.json' }, JSON.stringify(images));
  made.finalize();
  const found = await surplusEntries(Readable.from(made), new Set(['base', 'base top']));
  expect([...found]).toEqual(['base']);
});

test('without entries the rest is as it was', async () => {
  const all = extract();
  Readable.from(withoutEntries(await archive(), new Set(['base/layer.tar']))).pipe(
    all as unknown as NodeJS.WritableStream,
  );
  const seen: string[] = [];
  for await (const entry of all) {
    const { name, type, linkname, size } = entry.header;
    seen.push(`${name} ${type} ${linkname ?? size}`);
    const content = await text(entry);
    if (name.endsWith('/layer.tar') && type === 'file') expect(content).toBe(LAYER);
  }
  expect(seen).toEqual([
    ...['one.json file 38', 'two.json file 38', 'base directory 0'],
    ...[`one/layer.tar file ${LAYER.length}`, `two/layer.tar file ${LAYER.length}`],
    ...[
      'copy/layer.tar symlink ../base/layer.tar',
      expect.stringMatching(/^manifest.json file \d+$/),
    ],
  ]);
});

test('an archive that breaks off is an error', async () => {
  const whole = await buffer(await archive());
  const broken = () => Readable.from([whole.subarray(0, LAYER.length)]);
  await expect(surplusEntries(broken(), new Set(['base']))).rejects.toThrow();
  await expect(buffer(withoutEntries(broken(), new Set()))).rejects.toThrow();
});
