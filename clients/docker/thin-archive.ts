import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { type Extract, extract, pack } from 'tar-stream';
import { z } from 'zod';
import type { Engine } from './connect.js';

/** An archive as `docker save` writes it: its images, their configurations, and where their layers are. */
const manifest = z.array(z.object({ Config: z.string(), Layers: z.array(z.string()) }));
const configuration = z.object({ rootfs: z.object({ diff_ids: z.array(z.string()) }) });

type Entry = Extract extends AsyncIterable<infer Each> ? Each : never;

/** Larger ones are layers. */
const LARGEST_TEXT = 1024 * 1024;

/**
 * The layers that an engine has, each together with those below it: it knows a layer by all of them.
 * None of an engine with containerd's image store, which needs complete archives.
 */
export async function stacksOn(engine: Engine): Promise<ReadonlySet<string>> {
  const { DriverStatus } = (await engine.info()) as { DriverStatus?: readonly string[][] | null };
  if (DriverStatus?.flat().some((each) => each.startsWith('io.containerd.'))) return new Set();
  const images = await engine.listImages();
  const found = await Promise.allSettled(images.map(({ Id }) => engine.getImage(Id).inspect()));
  return new Set(
    found.flatMap((each) =>
      each.status === 'fulfilled' ? stacksOf(each.value.RootFS.Layers ?? []) : [],
    ),
  );
}

/** `a`, `a b`, `a b c`, … for the layers a, b, c, from the bottom. */
export const stacksOf = (layers: readonly string[]): string[] =>
  layers.map((_, index) => layers.slice(0, index + 1).join(' '));

/** Names of the entries with layers that a receiver with these `stacks` does not need. Reads the archive to its end. */
export async function surplusEntries(
  archive: NodeJS.ReadableStream,
  stacks: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const texts = new Map<string, string>();
  await eachEntry(archive, async (entry) => {
    const { name, size = 0 } = entry.header;
    if (size <= LARGEST_TEXT) texts.set(name, await text(entry));
    else entry.resume();
  });
  const parsed = (name: string): unknown => JSON.parse(texts.get(name) ?? 'null');
  const [surplus, needed] = [new Set<string>(), new Set<string>()];
  for (const { Config, Layers } of manifest.parse(parsed('manifest.json'))) {
    const { rootfs } = configuration.parse(parsed(Config));
    stacksOf(rootfs.diff_ids).forEach((stack, index) => {
      (stacks.has(stack) ? surplus : needed).add(Layers[index] ?? '');
    });
  }
  return new Set([...surplus].filter((name) => !needed.has(name)));
}

/** The archive without these entries. */
export function withoutEntries(
  archive: NodeJS.ReadableStream,
  names: ReadonlySet<string>,
): Readable {
  const kept = pack();
  const copied = eachEntry(archive, async (entry) => {
    const { header } = entry;
    if (names.has(header.name)) entry.resume();
    else if (header.type === 'file') await pipeline(entry, kept.entry(header));
    else kept.entry(header, () => entry.resume());
  });
  copied.then(
    () => kept.finalize(),
    (error) => kept.destroy(error),
  );
  return Readable.from(kept, { objectMode: false });
}

async function eachEntry(
  archive: NodeJS.ReadableStream,
  visit: (entry: Entry) => Promise<void>,
): Promise<void> {
  const entries = extract();
  const visiting = (async () => {
    for await (const entry of entries) await visit(entry);
  })();
  await Promise.all([pipeline(archive, entries), visiting]);
}
