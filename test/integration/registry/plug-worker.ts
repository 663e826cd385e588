import { Secret } from '../../../lib/secret.js';
import { removeEntry, writeEntry } from '../../../registry/file/change-entries.js';

/** Changes the registry, and kills its own process (SIGKILL) at the given step. */
const [path = '', verb = '', step = ''] = process.argv.slice(2);
const onStep = (now: string) => {
  if (now === step) process.kill(process.pid, 'SIGKILL');
};
const entry = { name: 'local', host: 'http://new', clusterSecret: new Secret('new') };
if (verb === 'write') await writeEntry(path, entry, { onStep, force: true });
else await removeEntry(path, 'local', { onStep });
