import '../dev-server/web-crypto.js';
import cluster from 'node:cluster';
import { readFileSync } from 'node:fs';
import { reasonOf, stampedLog } from '../dev-server/log.js';
import { dropPrivileges } from '../lib/drop-privileges.js';
import packageJson from '../package.json' with { type: 'json' };
import { readSettings } from './read-settings.js';
import { roomOfProcess } from './room.js';
import type { Surroundings } from './serve.js';
import { startGateway } from './start.js';
import { startWorkers } from './start-workers.js';
import { startWorker } from './worker.js';
import { workerCount } from './worker-count.js';

const now = () => new Date();
const log = stampedLog((text) => process.stderr.write(text), now);

let gateway: { stop(): Promise<void> } | undefined;
let stopped: Promise<void> | undefined;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (stopped !== undefined) return;
    if (cluster.isPrimary) log(`${signal}: stopping`);
    stopped = gateway?.stop() ?? Promise.resolve();
    stopped.finally(() => process.exit(0));
  });
}

try {
  const writeAccess = (text: string) => process.stdout.write(text);
  gateway = await start({ version: packageJson.version, now, log, writeAccess });
} catch (error) {
  giveUp('cannot start', error);
}

function giveUp(what: string, error: unknown): never {
  log(`${what}: ${reasonOf(error)}`);
  process.exit(1);
}

async function start(surroundings: Surroundings): Promise<{ stop(): Promise<void> }> {
  if (cluster.isWorker) {
    return startWorker((text) => readSettings(process.env, () => text), surroundings);
  }
  let text = '';
  const settings = readSettings(process.env, (path) => {
    text = readFileSync(path, 'utf8');
    return text;
  });
  dropPrivileges(process);
  const count = workerCount(settings, roomOfProcess());
  if (count === 1) return startGateway(settings, surroundings);
  const giveUpLate = (error: Error) => giveUp('cannot go on', error);
  return startWorkers({ settings, order: { text, count }, log, giveUp: giveUpLate });
}
