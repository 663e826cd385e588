import { readFileSync } from 'node:fs';
import { dropPrivileges } from '../drop-privileges.js';
import { reasonOf, stampedLog } from '../log.js';
import { ask } from './ask.js';
import { readSettings } from './relay-settings.js';
import { type RunningRelay, startRelay } from './start-relay.js';

/** `relay.mjs` relays; `relay.mjs ask` asks a query through the one that runs. */
const isQuestion = process.argv[2] === 'ask';
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
  if (isQuestion) await ask(settings);
  else relay = await startRelay(settings, log);
} catch (error) {
  if (isQuestion) process.stderr.write(`${reasonOf(error)}\n`);
  else log(`cannot start: ${reasonOf(error)}`);
  process.exit(1);
}
if (isQuestion) process.exit(0);
