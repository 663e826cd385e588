import '../web-crypto.js';
import { readFileSync } from 'node:fs';
import packageJson from '../../package.json' with { type: 'json' };
import { dropPrivileges } from '../drop-privileges.js';
import { reasonOf, stampedLog } from '../log.js';
import { readSettings } from './read-settings.js';
import { type RunningGateway, startGateway } from './start.js';

const now = () => new Date();
const log = stampedLog((text) => process.stderr.write(text), now);

let gateway: RunningGateway | undefined;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    log(`${signal}: stopping`);
    const stopped = gateway?.stop() ?? Promise.resolve();
    stopped.finally(() => process.exit(0));
  });
}

try {
  const settings = readSettings(process.env, (path) => readFileSync(path, 'utf8'));
  dropPrivileges(process);
  const writeAccess = (text: string) => process.stdout.write(text);
  const { version } = packageJson;
  gateway = await startGateway(settings, { version, now, log, writeAccess });
} catch (error) {
  log(`cannot start: ${reasonOf(error)}`);
  process.exit(1);
}
