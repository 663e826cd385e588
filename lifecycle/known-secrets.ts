import { readAppPasswords } from '../cluster/keys/app-passwords.js';
import {
  readClusterSecrets,
  readDatabasePassword,
  readSecrets,
} from '../cluster/keys/key-store.js';
import type { ClusterRun } from './cluster-run.js';

/** Every secret of a cluster that its key store still has. Never fails. */
export async function knownSecrets({
  target,
  settings,
  context,
}: Pick<ClusterRun, 'target' | 'settings' | 'context'>) {
  const { keyDirectory } = context;
  const [all, own, password, apps, more] = await Promise.allSettled([
    readSecrets(keyDirectory, settings.server.auth),
    readClusterSecrets(keyDirectory),
    readDatabasePassword(keyDirectory),
    readAppPasswords(keyDirectory),
    target.secrets?.({ keyDirectory }) ?? [],
  ]);
  return {
    secrets: [
      ...(own.status === 'fulfilled' ? own.value : []),
      ...(password.status === 'fulfilled' && password.value ? [password.value] : []),
      ...(apps.status === 'fulfilled' ? apps.value : []),
      ...(more.status === 'fulfilled' ? more.value : []),
    ],
    areDamaged: all.status === 'rejected' || password.status === 'rejected',
  };
}
