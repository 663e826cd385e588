import { access } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { readState, requireState } from '../../clients/terraform/state/read-state.js';
import { idsIn } from '../../clients/terraform/state/state.js';

/**
 * Does a state have resources, or is Terraform using it right now?
 * @param path of the state
 * @throws KitError `state-unreadable` (exit 3)
 */
export async function mayHaveState(path: string): Promise<boolean> {
  if (idsIn(requireState(await readState(path))).size > 0) return true;
  const lockInfo = join(dirname(path), `.${basename(path)}.lock.info`);
  return access(lockInfo).then(
    () => true,
    () => false,
  );
}
