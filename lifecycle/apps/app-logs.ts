import { findInstances } from '../../apps/instances/find-instances.js';
import { secretValues } from '../../apps/instances/secret-values.js';
import { environmentError } from '../../lib/errors.js';
import { RedactStream } from '../../lib/redact-stream.js';
import type { Secret } from '../../lib/secret.js';
import type { LogPiece, LogRange } from '../../targets/common/logs.js';
import type { ClusterRun } from '../cluster-run.js';
import { knownSecrets } from '../known-secrets.js';
import { readLogs } from '../read-logs.js';
import { Redaction } from '../redaction.js';
import { requireDocument } from './documents.js';
import { withApps } from './open-apps.js';
import { requireApp, requireRelease } from './require-app.js';

/** An application's log, and the part of it to read. */
export interface AppLogRequest extends LogRange {
  readonly app: string;
  /** @default - the current one */
  readonly release?: string | undefined;
}

/**
 * The steps of `app logs`: open the machine, find the containers of the release, read their logs, redact secrets.
 * @throws KitError `app-unknown`, `release-unknown` (exit 2), (exit 3) `container-absent`, and those of `logs`
 */
export async function appLogs(
  run: ClusterRun,
  { app: name, release: wanted, ...range }: AppLogRequest,
  write: (piece: LogPiece) => Promise<void>,
) {
  const { signal } = run.context;
  const { secrets } = await knownSecrets(run);
  const end = await withApps(run, async (host) => {
    const app = requireApp(await requireDocument(host), name, host);
    const { id, instances } =
      wanted === undefined ? requireRelease(app, app.current) : requireRelease(app, wanted);
    const found = await findInstances(host.engine, host.marks.cluster);
    const containers = found
      .filter((each) => instances.includes(each.name))
      .map((each) => ({ machine: host.machine, name: each.name }));
    if (containers.length === 0) throw noContainers(name, id, host.marks.cluster);
    const own = containers.map((each) => secretValues(host.engine, each.name));
    const all: readonly Secret[] = [...secrets, ...(await Promise.all(own)).flat()];
    const clean = new Redaction(() => new RedactStream(all), write);
    const last = await readLogs(containers, { log: name, ...range }, clean.write, signal);
    await clean.end();
    return last;
  });
  signal.throwIfAborted();
  return end;
}

const noContainers = (name: string, release: string, cluster: string) =>
  environmentError('container-absent', {
    path: `clusters.${cluster}.apps.${name}`,
    message: `release ${release} has no container any more`,
    hint: `Run \`clusterkit up ${cluster}\`, which makes them again.`,
  });
