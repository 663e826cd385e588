import './web-crypto.js';
import { readFileSync } from 'node:fs';
import packageJson from '../package.json' with { type: 'json' };
import { reasonOf, stampedLog } from './log.js';
import { readSettings } from './settings/read-settings.js';
import { type RunningServer, startServer } from './start.js';

/** `nobody`: it owns nothing, and the configuration was read before. */
const UNPRIVILEGED_ID = 65_534;

const now = () => new Date();
const log = stampedLog((text) => process.stdout.write(text), now);

function dropPrivileges(): void {
  if (process.getuid?.() !== 0) return;
  process.setgroups?.([]);
  process.setgid?.(UNPRIVILEGED_ID);
  process.setuid?.(UNPRIVILEGED_ID);
}

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
  dropPrivileges();
  server = await startServer(settings, { packageVersion: packageJson.version, now, log });
} catch (error) {
  log(`cannot start: ${reasonOf(error)}`);
  process.exit(1);
}
