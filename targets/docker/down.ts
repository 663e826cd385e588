import { connectEngine } from '../../clients/docker/connect.js';
import { runTerraform } from '../../clients/terraform/run-terraform.js';
import { removeObjects } from '../../cluster/objects/cluster-objects.js';
import { applyChanges } from '../common/apply.js';
import { mayHaveState, openWorkspace, stateFileOf } from '../common/workspace.js';
import type { ClusterContext } from '../context.js';
import type { ClusterRemoval } from '../target.js';
import { unmarkApplied } from './applied-mark.js';
import type { DockerSettings } from './settings.js';
import { forget, ownObjects } from './sweep.js';
import { nextStack } from './up.js';

/** Removes a cluster from this machine's engine: with Terraform, then by label. */
export async function down(
  settings: DockerSettings | undefined,
  context: ClusterContext,
  keepData: boolean,
): Promise<ClusterRemoval> {
  const engine = await connectEngine();
  const { cluster, project, keyDirectory, registry } = context;
  const own = { cluster, project: project.stateDir };
  const objects = () => ownObjects(engine, own);
  await unmarkApplied(context);
  return {
    inspect: async () => {
      const found = await objects();
      return { count: found.length, hasData: found.some(({ role }) => role === 'data') };
    },
    destroy: async () => {
      if (!(await mayHaveState(stateFileOf(context)))) return;
      const stack = settings && (await nextStack(settings, context, false));
      const run = await openWorkspace(context, stack);
      const hasData = (await objects()).some(({ role }) => role === 'data');
      if (keepData && hasData) await runTerraform(['state', 'rm', 'docker_volume.data'], run);
      await applyChanges('destroy', run, context);
    },
    sweep: async () => {
      if (!keepData) await removeObjects(engine, await objects());
    },
    forget: async () => {
      await forget({ ...own, keyDirectory, registry });
    },
  };
}
