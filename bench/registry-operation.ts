import { readFile, writeFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import { Secret } from '../lib/secret.js';
import { readRegistry } from '../registry/file/read-registry.js';
import { removeEntry } from '../registry/file/remove-entry.js';
import { writeEntry } from '../registry/file/write-entry.js';
import { timed } from './timing.js';

/**
 * One operation on one registry in a fresh process; prints the milliseconds it took, beyond the start
 * of the process: `node registry-operation.js <operation> <registry> [name]`.
 */
const [operation = '', path = '', name = 'bench'] = process.argv.slice(2);

const entry = (name: string) => ({
  name,
  host: 'http://localhost:4466',
  clusterSecret: new Secret('x'.repeat(1_700)),
});

const operations: Readonly<Record<string, () => Promise<unknown>>> = {
  /** What it is all measured by: the file through the same library, once, and written back. */
  print: async () => writeFile(`${path}.copy`, String(parseDocument(await readFile(path, 'utf8')))),
  add: () => writeEntry(path, entry(name)),
  remove: () => removeEntry(path, name),
  list: () => readRegistry(path),
  /** Five added, four of them removed again; begins at the first byte on stdin. */
  write: async () => {
    process.stdout.write('ready\n');
    await new Promise((resolve) => process.stdin.once('data', resolve));
    process.stdin.destroy();
    for (let n = 0; n < 5; n += 1) {
      await writeEntry(path, entry(`${name}-${n}`), { waitMs: 300_000 });
      if (n > 0) await removeEntry(path, `${name}-${n - 1}`, { waitMs: 300_000 });
    }
  },
};

const work = operations[operation];
if (work === undefined) throw new Error(`no operation '${operation}'`);
process.stdout.write(`${await timed(work)}\n`);
