import { readFileSync } from 'node:fs';
import { RELAY_HEALTH_PORT } from '../../cluster/configuration/relay-container.js';
import { stampedLog } from '../log.js';
import { dropPrivileges, runProgram } from '../run-program.js';
import { withoutRepeats } from '../without-repeats.js';
import { startHealthServer } from './health-server.js';
import { readSettings } from './relay-settings.js';
import { startRelay } from './start-relay.js';

const log = stampedLog(
  (text) => process.stderr.write(text),
  () => new Date(),
);

await runProgram(log, async () => {
  const settings = readSettings(process.env, (path) => readFileSync(path, 'utf8'));
  dropPrivileges(process);
  const relay = await startRelay(settings, withoutRepeats(log, Date.now));
  await startHealthServer(settings, RELAY_HEALTH_PORT);
  return relay;
});
