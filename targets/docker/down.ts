import { connectEngine, type Engine } from '../../clients/docker/connect.js';
import { runTerraform, type TerraformRun } from '../../clients/terraform/run-terraform.js';
import { managedIn } from '../../clients/terraform/state/state.js';
import { objectName } from '../../cluster/names.js';
import { findNamesakes, removeObjects } from '../../cluster/objects/cluster-objects.js';
import { applyChanges } from '../common/apply.js';
import { assertSoleClaim, type Owner } from '../common/owner.js';
import { mayHaveState, requireStateOf, stateFileOf } from '../common/workspace.js';
import type { ClusterContext } from '../context.js';
import type { ClusterRemoval } from '../target.js';
import { unmarkApplied } from './applied-mark.js';
import { sortedObjects } from './own-objects.js';
import type { DockerSettings } from './settings.js';
import { forget } from './sweep.js';
import { nextStack } from './up.js';
import { openDockerWorkspace } from './workspace.js';

/**
 * Removes a cluster from this machine's engine: with Terraform, then by label. Objects of somebody else stay.
 * @throws KitError `cluster-claimed-twice` (exit 2)
 */
export async function down(
  settings: DockerSettings | undefined,
  context: ClusterContext,
  keepData: boolean,
): Promise<ClusterRemoval> {
  const engine = await connectEngine(await context.engineAddress(), context.env);
  const { keyDirectory, registry } = context;
  const owner = await context.owner();
  assertSoleClaim(owner);
  const objects = async () => (await sortedObjects(engine, owner)).own;
  let run: TerraformRun | undefined;
  return {
    inspect: async () => {
      const found = await objects();
      return { count: found.length, hasData: found.some(({ role }) => role === 'data') };
    },
    foreign: async () => {
      const { foreign } = await sortedObjects(engine, owner);
      return [...foreign, ...(await findNamesakes(engine, owner.cluster))].map(({ name }) => name);
    },
    prepare: async () => {
      if (!(await mayHaveState(stateFileOf(context)))) return;
      run = await openDockerWorkspace(context, settings && (await nextStack(settings, context)));
    },
    destroy: async () => {
      await unmarkApplied(context);
      if (run === undefined) return;
      const hasData = (await objects()).some(({ role }) => role === 'data');
      if (keepData && hasData) await runTerraform(['state', 'rm', 'docker_volume.data'], run);
      await releaseForeignVolumes(engine, owner, run, context);
      await applyChanges('destroy', run, context);
    },
    sweep: async () => {
      if (!keepData) await removeObjects(engine, await objects());
    },
    forget: async () => {
      await forget({ keyDirectory, registry }, engine, owner);
    },
  };
}

/**
 * Terraform knows a volume by its name only, and would remove one that somebody else has made since under
 * this name.
 */
async function releaseForeignVolumes(
  engine: Engine,
  owner: Owner,
  run: TerraformRun,
  context: ClusterContext,
): Promise<void> {
  const { foreign } = await sortedObjects(engine, owner);
  const theirs = [...foreign, ...(await findNamesakes(engine, owner.cluster))]
    .filter(({ kind }) => kind === 'volume')
    .map(({ name }) => name);
  const known = managedIn(await requireStateOf(context))
    .filter(({ type }) => type === 'docker_volume')
    .map(({ name }) => name);
  const addresses = known
    .filter((role) => (role === 'data' || role === 'config') && isTaken(role))
    .map((role) => `docker_volume.${role}`);
  if (addresses.length > 0) await runTerraform(['state', 'rm', ...addresses], run);

  function isTaken(role: 'data' | 'config') {
    return theirs.includes(objectName(owner.cluster, role));
  }
}
