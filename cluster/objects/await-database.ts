import type Docker from 'dockerode';
import { AbortError } from 'p-retry';
import { type Engine, statusOf } from '../../clients/docker/connect.js';
import { logTail, whyStopped } from '../../clients/docker/container-log.js';
import { runInContainer } from '../../clients/docker/run-in-container.js';
import { environmentError } from '../../lib/errors.js';
import { retryUntil } from '../../lib/retry-until.js';
import { redact, type Secret } from '../../lib/secret.js';
import { type Connector, DATABASES } from '../databases.js';

/**
 * Waits until the database answers a query over the network with the cluster's password.
 * @throws KitError `database-not-ready`, `database-password-refused` (exit 3), with the end of its log
 */
export async function awaitDatabase(
  engine: Engine,
  props: {
    readonly container: string;
    readonly connector: Connector;
    /** Shell line that queries it. @default - that of the connector's own image */
    readonly query?: string;
    /** Replaced in the log excerpt of the error. */
    readonly secrets: readonly Secret[];
    /** @default 120000 */
    readonly timeoutMs?: number;
    readonly signal?: AbortSignal;
  },
): Promise<void> {
  const { secrets, timeoutMs = 120_000, signal } = props;
  const container = engine.getContainer(props.container);
  const facts = DATABASES[props.connector];
  let last: string | undefined;
  const attempt = async () => {
    const { exitCode, output } = await query(container, props.query ?? facts.query);
    if (exitCode === 0) return;
    last = output || `the query ended with exit code ${exitCode}`;
    if (facts.refusal.test(output)) throw new AbortError(last);
    const stopped = await whyStopped(container);
    last = stopped ?? last;
    throw stopped === undefined ? new Error(last) : new AbortError(last);
  };
  try {
    await retryUntil(attempt, { timeoutMs, signal });
  } catch (cause) {
    signal?.throwIfAborted();
    // The first attempt lasted longer than all of them may.
    last ??= (cause as Error).message;
    const log = redact(await logTail(container), secrets);
    throw failure(props.container, facts.refusal.test(last), last, log, cause);
  }
}

async function query(container: Docker.Container, text: string) {
  try {
    return await runInContainer(container, ['/bin/sh', '-c', text]);
  } catch (error) {
    // 409: the container is not running, now or permanently; the caller finds out which.
    if (statusOf(error) === 409 || statusOf(error) === 404) {
      return { exitCode: -1, output: (error as Error).message };
    }
    throw new AbortError(error as Error);
  }
}

function failure(container: string, refused: boolean, last: string, log: string, cause: unknown) {
  return environmentError(refused ? 'database-password-refused' : 'database-not-ready', {
    path: container,
    message: refused
      ? 'the database rejects the cluster’s password: its data volume was created with another one'
      : `the database did not become ready: ${last}`,
    hint: `${refused ? 'Restore the key store that the data was created with, or drop the data with `clusterkit down`.\n' : ''}Last lines of its log:\n${log}`,
    cause,
  });
}
