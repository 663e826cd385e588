import { Secret } from '../../../lib/secret.js';
import { writeEntry } from '../../../registry/file/change-entries.js';

/** Adds entries one after the other, with the ordinary limit of each wait. Begins at a byte on stdin. */
const [path = '', id = '', count = '0'] = process.argv.slice(2);
process.stdout.write('ready\n');
await new Promise((resolve) => process.stdin.once('data', resolve));
process.stdin.destroy();
for (let n = 0; n < Number(count); n += 1) {
  const clusterSecret = new Secret('x'.repeat(1_700));
  await writeEntry(path, { name: `a${id}-${n}`, host: 'http://127.0.0.1:1', clusterSecret });
}
