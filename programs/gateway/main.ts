import '../web-crypto.js';
import { readFileSync } from 'node:fs';
import packageJson from '../../package.json' with { type: 'json' };
import { stampedLog } from '../log.js';
import { dropPrivileges, runProgram } from '../run-program.js';
import { forwarderAddress } from './connections/port-forwarder.js';
import { readSettings } from './settings.js';
import { startGateway } from './start.js';

const now = () => new Date();
const log = stampedLog((text) => process.stderr.write(text), now);

await runProgram(log, () => {
  const settings = readSettings(process.env, (path) => readFileSync(path, 'utf8'));
  const forwarder = forwarderOf('/proc/net/route');
  dropPrivileges(process);
  const writeAccess = (text: string) => process.stdout.write(text);
  return startGateway(settings, {
    ...{ version: packageJson.version, now, log, writeAccess, forwarder },
  });
});

/** Only a container has one; without it, all clients behind it count as one. */
function forwarderOf(path: string): string | undefined {
  try {
    return forwarderAddress(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
