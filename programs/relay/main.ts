import { readFileSync } from 'node:fs';
import { RELAY_HEALTH_PORT } from '../../cluster/configuration/relay-container.js';
import { dropPrivileges } from '../drop-privileges.js';
import { reasonOf, stampedLog } from '../log.js';
import { startHealthServer } from './health-server.js';
import { readSettings } from './relay-settings.js';
import { type RunningRelay, startRelay } from './start-relay.js';

const log = stampedLog(
  (text) => process.stderr.write(text),
  () => new Date(),
);

let relay: RunningRelay | undefined;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    const stopped = relay?.stop() ?? Promise.resolve();
    stopped.finally(() => process.exit(0));
  });
}

try {
  const settings = readSettings(process.env, (path) => readFileSync(path, 'utf8'));
  dropPrivileges(process);
  relay = await startRelay(settings, log);
  await startHealthServer(settings, RELAY_HEALTH_PORT);
} catch (error) {
  log(`cannot start: ${reasonOf(error)}`);
  process.exit(1);
}
