import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FUNCTIONS_FILE } from '../../cluster/functions/functions-document.js';
import {
  ACTIVATOR_PORT,
  ACTIVATOR_REPORT_PORT,
  WAKER_SOCKET,
} from '../../cluster/functions/runtime-container.js';
import { APPS_DIRECTORY } from '../../cluster/names.js';
import { stampedLog } from '../log.js';
import { runProgram } from '../run-program.js';
import { withoutRepeats } from '../without-repeats.js';
import { startActivator } from './start-activator.js';
import { wakerAt } from './waker-client.js';

const now = () => new Date();
const log = withoutRepeats(
  stampedLog((text) => process.stderr.write(text), now),
  () => performance.now(),
);
const file = join(APPS_DIRECTORY, FUNCTIONS_FILE);

await runProgram(log, async () => {
  const activator = await startActivator({
    waker: wakerAt(WAKER_SOCKET),
    readFile: () => (existsSync(file) ? readFileSync(file, 'utf8') : undefined),
    port: ACTIVATOR_PORT,
    reportPort: ACTIVATOR_REPORT_PORT,
    ...{ now, log },
  });
  process.on('SIGHUP', () => activator.reload());
  return activator;
});
