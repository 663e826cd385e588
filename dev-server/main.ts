import './web-crypto.js';
import { readFileSync } from 'node:fs';
import packageJson from '../package.json' with { type: 'json' };
import { reasonOf, stampedLog } from './log.js';
import { readSettings } from './settings/read-settings.js';
import { startServer } from './start.js';

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

try {
  const settings = readSettings(process.env, (path) => readFileSync(path, 'utf8'));
  dropPrivileges();
  const server = await startServer(settings, { packageVersion: packageJson.version, now, log });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      log(`${signal}: stopping`);
      server.stop().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
} catch (error) {
  log(`cannot start: ${reasonOf(error)}`);
  process.exit(1);
}
