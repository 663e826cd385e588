import { randomBytes } from 'node:crypto';
import type Docker from 'dockerode';
import type { Engine } from '../../clients/docker/connect.js';
import { logTail } from '../../clients/docker/container-log.js';
import { putFile } from '../../clients/docker/put-file.js';
import { runInContainer } from '../../clients/docker/run-in-container.js';
import { sendSignal } from '../../clients/docker/send-signal.js';
import { APPS_DIRECTORY } from '../../cluster/names.js';
import { environmentError } from '../../lib/errors.js';
import { retryUntil } from '../../lib/retry-until.js';
import { servedDigest } from './ask-master.js';
import { EDGE_FILE } from './describe-edge.js';
import { findEdges } from './find-edges.js';
import { configurationDigest } from './render-haproxy.js';

/** HAProxy takes a moment to read its configuration; longer when names of instances are unknown. */
const SERVED_MS = 60_000;

/**
 * Puts a configuration in force in all edges of a cluster, which `ensureEdges` has made: checks it, replaces the
 * file in one step, has it read, and waits until it is served. Connections go on, in workers of the configuration
 * before: see `awaitDrained`. Can be interrupted and repeated.
 *
 * @param configuration of `renderHaproxy`
 * @throws KitError `edge-not-applied` (exit 3); then the configuration before is served
 */
export async function applyEdge(
  engine: Engine,
  cluster: string,
  configuration: string,
): Promise<'already so' | 'applied'> {
  const edges = (await findEdges(engine, cluster)).map(({ container }) => container);
  const [first] = edges;
  if (first === undefined) throw failure(cluster, 'the cluster has no edge');
  const digest = configurationDigest(configuration);
  await replaceFile(first, cluster, configuration);
  const outcomes = await Promise.all(edges.map((edge) => serve(edge, cluster, digest)));
  return outcomes.includes('applied') ? 'applied' : 'already so';
}

async function replaceFile(edge: Docker.Container, cluster: string, configuration: string) {
  const draft = `.${EDGE_FILE}.${randomBytes(4).toString('hex')}`;
  await putFile(edge, APPS_DIRECTORY, draft, configuration);
  // Two names of one directory: whoever reads the file finds the old one or the new one.
  const script = `cd ${APPS_DIRECTORY} || exit
if why=$(haproxy -c -f ${draft} 2>&1); then mv -f ${draft} ${EDGE_FILE} && rm -f .${EDGE_FILE}.*
else rm -f ${draft}; grep -v NOTICE <<<"$why"; exit 1; fi`;
  const { exitCode, output } = await runInContainer(edge, ['bash', '-c', script]);
  if (exitCode !== 0) throw failure(cluster, `HAProxy refuses its configuration:\n${output}`);
}

async function serve(
  edge: Docker.Container,
  cluster: string,
  digest: string | undefined,
): Promise<'already so' | 'applied'> {
  let isAsked = false;
  try {
    await retryUntil(
      async () => {
        const served = await servedDigest(edge);
        if (served === digest) return;
        // A master that has just started reads the file anyway; one that reads it must not be asked again.
        if (served !== undefined && !isAsked) {
          await sendSignal(edge, 'USR2');
          isAsked = true;
        }
        throw new Error(`it serves ${served ?? 'nothing yet'}`);
      },
      { timeoutMs: SERVED_MS },
    );
    return isAsked ? 'applied' : 'already so';
  } catch (cause) {
    const why = `the edge does not serve them: ${(cause as Error).message}`;
    throw failure(cluster, `${why}\n${await logTail(edge, 10)}`, cause);
  }
}

const failure = (cluster: string, why: string, cause?: unknown) =>
  environmentError('edge-not-applied', {
    path: `clusters.${cluster}.apps`,
    message: `the routes of the applications are not in force: ${why}`,
    hint: 'Those from before still serve. Run the command again.',
    cause,
  });
