import { createHash } from 'node:crypto';
import { Secret } from '../../../lib/secret.js';
import { removeEntry, writeEntry } from '../../../registry/file/change-entries.js';
import { readRegistry } from '../../../registry/file/read-registry.js';

/**
 * One of many writers: adds and removes entries of its own, and reads in between.
 * Waits for a first byte on stdin, so that all begin together.
 * Prints `begin …` before and `done …` after each change, so that a test knows what must hold.
 */
const [path = '', id = '', changes = '0'] = process.argv.slice(2);
const owner = { command: `worker ${id}` };
const secretOf = (name: string) => createHash('sha512').update(name).digest('hex').repeat(12);
const tell = (line: string) =>
  new Promise<void>((resolve) => void process.stdout.write(`${line}\n`, () => resolve()));

await tell('ready');
await new Promise((resolve) => process.stdin.once('data', resolve));
process.stdin.destroy();

for (let n = 0; n < Number(changes); n += 1) {
  const name = `w${id}-${n}`;
  await tell(`begin add ${name}`);
  await writeEntry(
    path,
    { name, host: `http://${name}`, clusterSecret: new Secret(secretOf(name)) },
    { owner, waitMs: 600_000 },
  );
  await tell(`done add ${name}`);
  await check();
  if (n === 0) continue;
  const before = `w${id}-${n - 1}`;
  await tell(`begin remove ${before}`);
  await removeEntry(path, before, { owner, waitMs: 600_000 });
  await tell(`done remove ${before}`);
}

/** A torn read shows as an error, or as an entry whose secret is not its own. */
async function check(): Promise<void> {
  const { entries, broken } = await readRegistry(path);
  const torn = entries.filter(
    ({ name, host, clusterSecret }) =>
      name.startsWith('w') &&
      (host !== `http://${name}` || clusterSecret?.reveal() !== secretOf(name)),
  );
  if (torn.length > 0 || broken.length > 0) await tell(`torn ${torn.map((one) => one.name)}`);
}
