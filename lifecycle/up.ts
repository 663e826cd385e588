import { pullImage } from '../clients/docker/find-image.js';
import { keepIdentity } from '../cluster/identity.js';
import { withClusterLock } from '../cluster/lock.js';
import { claimExternalDatabase } from '../targets/common/external-database.js';
import { assertSoleClaim, identityFor } from '../targets/common/owner.js';
import { register } from '../targets/common/register.js';
import { assertSameTarget } from '../targets/common/same-target.js';
import { knownStateOf, requireOwnStateOf } from '../targets/common/workspace.js';
import type { Findings } from '../targets/target.js';
import { mayHaveApps } from './apps/had-apps.js';
import type { AppOutcome } from './apps/outcome.js';
import { upApps } from './apps/up-apps.js';
import type { ClusterRun } from './cluster-run.js';
import { ENTRY_OUTCOME, entryStateOf } from './entry-state.js';
import { preflight } from './preflight.js';
import { type Served, servedBefore } from './served-before.js';
import { Steps, type StepTime } from './steps.js';

/** What `clusterkit up` reports. Stable. */
export interface UpResult {
  readonly cluster: string;
  readonly endpoint: string;
  readonly version: string;
  readonly registry: string;
  /** What happened to the registry entry, whether an apply or this command wrote it. */
  readonly entry: 'added' | 'changed' | 'unchanged';
  /** Number of resources created, changed or replaced. */
  readonly changes: number;
  /** @default - it was never up before */
  readonly before?: Served;
  /** What became of its applications. @default - it has none */
  readonly apps?: readonly AppOutcome[];
  readonly steps: readonly StepTime[];
}

/**
 * The steps of `up`, on every target: check, pull, apply, verify, register, deploy applications. Every step continues from the
 * existing state, so the same call creates, repairs and finishes a cluster.
 */
export async function up(run: ClusterRun): Promise<UpResult> {
  const { target, settings, context, targets } = run;
  const { progress, signal } = context;
  const steps = new Steps(progress);
  const { before, mayHave } = await steps.run('check state', async () => {
    const state = await requireOwnStateOf(context);
    assertSameTarget(settings, state, targets);
    return { before: servedBefore(state), mayHave: mayHaveApps(run, state) };
  });
  const findings = await steps.run('preflight', () => preflight(run));
  for (const warning of findings.warnings) progress.warn(warning);
  await steps.run('pull images', () => pullImages(findings, run));
  return withClusterLock(context, async () => {
    await keepIdentityOf(context);
    const entryBefore = await steps.run('read registry', async () =>
      entryStateOf(context, await target.endpoint(settings, context, await knownStateOf(context))),
    );
    await steps.run('claim database', () => claimExternalDatabase(settings, context));
    const applied = await steps.run('apply', () => target.apply(settings, context, findings));
    // An apply creates missing secrets.
    if (applied.changes.length > 0) context.secrets.forget();
    const machines = () => target.engines(context, signal);
    const { server } = await steps.run('verify and register', async () =>
      register(applied.registration, { signal, machines }, await context.secrets()),
    );
    await steps.run('settle', async () => applied.settle?.());
    const apps = await steps.run('applications', () => upApps(run, mayHave));
    return {
      cluster: settings.name,
      endpoint: applied.registration.endpoint,
      version: server.version,
      registry: context.registry,
      entry: ENTRY_OUTCOME[entryBefore],
      changes: applied.changes.length,
      ...(before && { before }),
      ...(apps.length > 0 && { apps }),
      steps: steps.times,
    };
  });
}

/** Stores the identity before anything has it: then everything can be shown to be the cluster's own. */
async function keepIdentityOf({ owner, project, cluster }: ClusterRun['context']) {
  owner.forget();
  const known = await owner();
  assertSoleClaim(known);
  await keepIdentity(project.stateDir, cluster, identityFor(known));
  owner.forget();
}

async function pullImages({ engine, missingImages }: Findings, { context }: ClusterRun) {
  if (engine === undefined) return;
  for (const reference of missingImages) {
    await pullImage(engine, { reference, env: context.env, signal: context.signal });
    context.progress.done(`image ${reference} pulled`);
  }
}
