import type { LogEnd } from '../clients/docker/read-log.js';
import { type ContainerRole, objectName } from '../cluster/names.js';
import { findClusterObjects } from '../cluster/objects/cluster-objects.js';
import { elsewhereProblems } from '../cluster/objects/name-problems.js';
import { sortObjects } from '../cluster/objects/own-objects.js';
import { usageError } from '../lib/errors.js';
import { RedactStream } from '../lib/redact-stream.js';
import type { LogPiece, LogRange } from '../targets/common/logs.js';
import type { Owner } from '../targets/common/owner.js';
import { type Machine, withMachines } from '../targets/machine.js';
import type { ClusterRun } from './cluster-run.js';
import { knownSecrets } from './known-secrets.js';
import { isRole } from './log-names.js';
import { readLogs } from './read-logs.js';
import { Redaction } from './redaction.js';

/** A log, and the part of it to read. */
export interface LogRequest extends LogRange {
  /** Role of a container, or a log of the target. */
  readonly log: string;
}

type Write = (piece: LogPiece) => Promise<void>;

/**
 * The steps of `logs`, on every target: open the machines, read, redact secrets. A lost connection is an
 * error, never a normal end.
 *
 * @throws KitError `cluster-elsewhere` (exit 2), (exit 3) `container-absent`, `engine-unreachable`, `log-cut`, and those of ssh
 */
export async function logs(run: ClusterRun, request: LogRequest, write: Write): Promise<LogEnd> {
  const { progress, signal } = run.context;
  const { secrets, areDamaged } = await knownSecrets(run);
  if (areDamaged) progress.warn('a secret in the key store is damaged, so the log may show it');
  const clean = new Redaction(() => new RedactStream(secrets), write);
  const end = await read(run, request, clean.write);
  await clean.end();
  signal.throwIfAborted();
  return end;
}

async function read(
  { target, context }: ClusterRun,
  { log, ...range }: LogRequest,
  write: Write,
): Promise<LogEnd> {
  if (!isRole(log)) {
    const own = target.logs?.find(({ name }) => name === log);
    if (own === undefined) throw new Error(`target ${target.name} has no log '${log}'`);
    await own.read(context, range, write);
    return 'complete';
  }
  const { signal, cluster } = context;
  const open = () => target.engines(context, signal);
  return withMachines(open, async (machines) => {
    const owner = target.runsHere ? await context.owner() : undefined;
    const containers = await containersOf(machines, cluster, log, owner);
    return readLogs(containers, { log, ...range }, write, signal);
  });
}

/** The containers of a role on all machines; if there is none, the expected one. */
async function containersOf(
  machines: readonly Machine[],
  cluster: string,
  role: ContainerRole,
  owner: Owner | undefined,
) {
  const [first] = machines;
  if (first === undefined) throw new Error('the cluster has no machine');
  const found = await Promise.all(
    machines.map(async (machine) => {
      const objects = await findClusterObjects(machine.engine, cluster);
      const { own, foreign } = owner ? sortObjects(objects, owner) : { own: objects, foreign: [] };
      const elsewhere = elsewhereProblems(cluster, foreign);
      if (own.length === 0 && elsewhere.length > 0)
        throw usageError('cluster-elsewhere', elsewhere);
      const ours = own.filter((each) => each.kind === 'container' && each.role === role);
      return ours.map(({ name }) => ({ machine, name })).sort((a, b) => (a.name < b.name ? -1 : 1));
    }),
  );
  const all = found.flat();
  return all.length > 0 ? all : [{ machine: first, name: objectName(cluster, role) }];
}
