import { knownState, readState } from '../../../clients/terraform/state/read-state.js';
import { idsIn } from '../../../clients/terraform/state/state.js';
import { readDatabasePassword } from '../../../cluster/keys/key-store.js';
import { KitError } from '../../../lib/errors.js';
import { stepIn } from '../../common/stages/input-in-state.js';
import { readKnownHosts } from '../keys/known-hosts.js';
import { managedIdOf } from '../keys/managed-login.js';
import { readLoginKey } from '../keys/ssh-keys.js';
import type { OwnershipEvidence } from './name-problems.js';

/**
 * Collects local evidence that a cluster on an account belongs to this project.
 *
 * @param damaged how to treat unreadable files: as an error, or as no evidence
 * @throws KitError `key-invalid` (exit 2), `known-hosts-invalid` (exit 3) for damaged files
 */
export async function ownershipEvidence(
  {
    stateFile,
    keyDirectory,
  }: {
    /** Terraform state of the cluster. */
    readonly stateFile: string;
    readonly keyDirectory: string;
  },
  damaged: 'refused' | 'no evidence' = 'refused',
): Promise<OwnershipEvidence> {
  const read = async <T>(work: Promise<T>): Promise<T | undefined> =>
    work.catch((error: unknown) => {
      if (!(error instanceof KitError)) throw error;
      if (damaged === 'no evidence' || error.code === 'login-key-missing') return undefined;
      throw error;
    });
  const [file, managed, login, password, hosts] = await Promise.all([
    readState(stateFile),
    managedIdOf(keyDirectory),
    read(readLoginKey(keyDirectory)),
    read(readDatabasePassword(keyDirectory)),
    read(readKnownHosts(keyDirectory)),
  ]);
  const state = knownState(file);
  const knownIds = state && idsIn(state);
  const ending = state && stepIn(state, 'drop-database');
  return {
    // The managed database is no Terraform resource, but the stage that deletes it is.
    knownIds:
      knownIds && ending && ending.status !== 'tainted' && managed
        ? new Set([...knownIds, managed])
        : knownIds,
    loginKey: login?.publicKey,
    hasPassword: password !== undefined,
    contacted: hosts?.droplet,
  };
}
