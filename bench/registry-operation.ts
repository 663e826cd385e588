import { readFile, writeFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import { Secret } from '../lib/secret.js';
import { removeEntry, writeEntry } from '../registry/file/change-entries.js';
import { readRegistry } from '../registry/file/read-registry.js';
import { timed } from './timing.js';

/**
 * One operation on one registry in a fresh process; prints the milliseconds it took, beyond the start
 * of the process: `node registry-operation.js <operation> <registry>`.
 */
const [operation = '', path = ''] = process.argv.slice(2);

const entry = {
  name: 'bench',
  host: 'http://localhost:4466',
  clusterSecret: new Secret('x'.repeat(1_700)),
};

const operations: Readonly<Record<string, () => Promise<unknown>>> = {
  /** The baseline: the same library parses the file once and prints it. */
  print: async () => writeFile(`${path}.copy`, String(parseDocument(await readFile(path, 'utf8')))),
  add: () => writeEntry(path, entry),
  remove: () => removeEntry(path, entry.name),
  list: () => readRegistry(path),
};

const work = operations[operation];
if (work === undefined) throw new Error(`no operation '${operation}'`);
process.stdout.write(`${await timed(work)}\n`);
