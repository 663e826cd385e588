import '../web-crypto.js';
import { readFileSync } from 'node:fs';
import packageJson from '../../package.json' with { type: 'json' };
import { dropPrivileges } from '../drop-privileges.js';
import { reasonOf, stampedLog } from '../log.js';
import { readSettings } from './settings/read-settings.js';
import { type RunningServer, startServer } from './start.js';

const now = () => new Date();
const log = stampedLog((text) => process.stdout.write(text), now);

let server: RunningServer | undefined;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    log(`${signal}: stopping`);
    const stopped = server?.stop() ?? Promise.resolve();
    stopped.finally(() => process.exit(0));
  });
}

try {
  const settings = readSettings(process.env, (path) => readFileSync(path, 'utf8'));
  dropPrivileges(process);
  server = await startServer(settings, { packageVersion: packageJson.version, now, log });
} catch (error) {
  log(`cannot start: ${reasonOf(error)}`);
  process.exit(1);
}
