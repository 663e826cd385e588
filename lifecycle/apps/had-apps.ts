import { currentOf, managedIn, type State } from '../../clients/terraform/state/state.js';
import { storedInput } from '../../targets/common/stages/input-in-state.js';
import type { ClusterRun } from '../cluster-run.js';

/**
 * May a cluster have applications, also when its settings have none? On this machine a look at the engine costs
 * nothing; elsewhere the state of the last apply tells it, without a connection.
 */
export const mayHaveApps = ({ target }: Pick<ClusterRun, 'target'>, state: State): boolean =>
  target.runsHere ||
  managedIn(state).some(
    (resource) =>
      resource.type === 'terraform_data' &&
      storedInput(currentOf(resource)?.attributes)?.apps !== undefined,
  );
