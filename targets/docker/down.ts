import { connectEngine, type Engine } from '../../clients/docker/connect.js';
import { runTerraform, type TerraformRun } from '../../clients/terraform/run-terraform.js';
import { managedIn, type StateResource } from '../../clients/terraform/state/state.js';
import { findNamesakes, removeObjects } from '../../cluster/objects/cluster-objects.js';
import { removeApps } from '../../cluster/objects/remove-apps.js';
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
 * Removes a cluster from this machine's engine: its applications, also where the data stays; the rest with
 * Terraform, then by label. Objects of somebody else stay.
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
      await removeApps(engine, owner);
      if (run === undefined) return;
      const hasData = (await objects()).some(({ role }) => role === 'data');
      if (keepData && hasData) await runTerraform(['state', 'rm', 'docker_volume.data'], run);
      await releaseForeign(engine, owner, run, context);
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
 * Terraform removes whatever its state names: a volume that somebody else has made since under this name, and in a
 * state that somebody else wrote, anything. So it forgets what is not known to be the cluster's own.
 */
async function releaseForeign(
  engine: Engine,
  owner: Owner,
  run: TerraformRun,
  context: ClusterContext,
): Promise<void> {
  const { own } = await sortedObjects(engine, owner);
  const ids = new Set(own.map(({ id }) => id));
  const isOwn = ({ type, instances }: StateResource) =>
    instances.every(({ attributes }) =>
      type === 'docker_image'
        ? attributes?.keep_locally === true
        : ids.has(String(attributes?.[type === 'docker_volume' ? 'name' : 'id'])),
    );
  const addresses = managedIn(await requireStateOf(context))
    .filter((resource) => resource.type.startsWith('docker_') && !isOwn(resource))
    .map(({ type, name }) => `${type}.${name}`);
  if (addresses.length > 0) await runTerraform(['state', 'rm', ...addresses], run);
}
