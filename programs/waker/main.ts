import {
  ENGINE_SOCKET,
  WAKER_SOCKET,
  WAKER_VARIABLES,
} from '../../cluster/functions/runtime-container.js';
import { stampedLog } from '../log.js';
import { runProgram } from '../run-program.js';
import { withoutRepeats } from '../without-repeats.js';
import { engineAt } from './engine-calls.js';
import { startWaker } from './start-waker.js';

const log = stampedLog(
  (text) => process.stderr.write(text),
  () => new Date(),
);

/** Time for the answer that tells it. */
const LEAVE_MS = 200;

await runProgram(log, () => {
  const { [WAKER_VARIABLES.cluster]: cluster, [WAKER_VARIABLES.identity]: identity } = process.env;
  if (!cluster) throw new Error(`${WAKER_VARIABLES.cluster} is missing`);
  return startWaker({
    owner: { cluster, identity: identity || undefined },
    call: engineAt(ENGINE_SOCKET),
    socket: WAKER_SOCKET,
    log: withoutRepeats(log, () => performance.now()),
    // An engine that started again has a new socket in place of the one that is mounted here. It
    // starts this container again, which then has the new one.
    onLost: () => setTimeout(() => process.exit(1), LEAVE_MS),
  });
});
