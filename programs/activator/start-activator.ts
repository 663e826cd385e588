import { functionsDigest } from '../../cluster/functions/functions-document.js';
import type { FunctionsReport } from '../../cluster/functions/functions-report.js';
import { processClock } from '../clock.js';
import { drain } from '../drain.js';
import { listen } from '../listen.js';
import { type Log, reasonOf } from '../log.js';
import { awaitReady } from './await-ready.js';
import { Connections } from './connections.js';
import { createActivator } from './create-activator.js';
import { Functions } from './functions.js';
import { parseFunctions } from './functions-file.js';
import { Places } from './places.js';
import { createReportServer } from './report-server.js';
import type { Waker } from './waker-client.js';
import { Watch } from './watch.js';

/**
 * Requests at once. Measured: 30 MB without clients, 11 KB for each silent connection, and 128 KB for each request
 * whose client does not read, or whose function does not. The container has 192 MB.
 */
const MOST_REQUESTS = 600;
/** Time for running requests when the activator stops. */
const DRAIN_MS = 8_000;

/** What an activator needs. */
export interface ActivatorProps {
  readonly waker: Waker;
  /** The text of the functions' file; `undefined` when there is none yet. @throws when it cannot be read */
  readonly readFile: () => string | undefined;
  readonly port: number;
  readonly reportPort: number;
  readonly now: () => Date;
  readonly log: Log;
}

/** Starts to serve; takes the containers over as they are. @throws when a port is in use */
export async function startActivator(props: ActivatorProps) {
  const { waker, now, log } = props;
  const clock = processClock;
  const connections = new Connections();
  const watch = new Watch(waker, clock, log, (list, askedMs) => functions.observe(list, askedMs));
  const look = () => watch.look();
  const functions = new Functions({
    ...{ clock, now, log, look },
    act: (name, action) => waker.act(name, action),
    awaitReady: (host, { port, health }, signal) =>
      awaitReady({ host, port, health }, signal, look),
    disconnect: (instance) => connections.close(instance),
  });
  let digest = '';
  let rejected: FunctionsReport['rejected'];
  const reload = () => {
    let text: string | undefined;
    try {
      text = props.readFile();
      if (text === undefined) return;
      functions.apply(parseFunctions(text));
      digest = functionsDigest(text);
      rejected = undefined;
      log('the functions are read');
    } catch (error) {
      rejected = { digest: functionsDigest(text ?? ''), reason: reasonOf(error) };
      log(`the functions cannot be read: ${rejected.reason}`);
    }
  };
  let isStopping = false;
  const activator = createActivator(
    {
      runnerOf: (name) => functions.of(name),
      places: new Places(MOST_REQUESTS),
      ...{ connections, clock, isStopping: () => isStopping },
    },
    log,
  );
  const report = createReportServer(() => ({
    digest,
    ...(rejected && { rejected }),
    ...(watch.problem !== undefined && { wakerProblem: watch.problem }),
    functions: functions.report(),
  }));
  reload();
  look();
  await listen(report, { port: props.reportPort, host: '127.0.0.1' });
  const port = await listen(activator.http, { port: props.port });
  log(`the activator listens on port ${port}`);
  return {
    reload,
    async stop() {
      isStopping = true;
      functions.stop();
      await drain(activator, DRAIN_MS);
      watch.stop();
      connections.closeAll();
      report.close();
      report.closeAllConnections();
      log('stopped');
    },
  };
}
