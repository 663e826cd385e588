import { Secret } from '../../../lib/secret.js';
import { removeEntry } from '../../../registry/file/remove-entry.js';
import { writeEntry } from '../../../registry/file/write-entry.js';

/** One change of the registry that kills its own process, -9, at the step it is told. */
const [path = '', verb = '', step = ''] = process.argv.slice(2);
const onStep = (now: string) => {
  if (now === step) process.kill(process.pid, 'SIGKILL');
};
const entry = { name: 'local', host: 'http://new', clusterSecret: new Secret('new') };
if (verb === 'write') await writeEntry(path, entry, { onStep, force: true });
else await removeEntry(path, 'local', { onStep });
