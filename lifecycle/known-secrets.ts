import {
  readClusterSecrets,
  readDatabasePassword,
  readSecrets,
} from '../cluster/keys/key-store.js';
import type { Secret } from '../lib/secret.js';
import type { Auth } from '../prisma/auth.js';
import { readBootstrapKey, readLoginKey } from '../targets/droplet/keys/ssh-keys.js';

/** What is known of a cluster that must not be shown. */
export interface KnownSecrets {
  readonly secrets: readonly Secret[];
  /** Something of it is damaged: what it was cannot be told. */
  readonly areDamaged: boolean;
}

/** Every secret of a cluster that its key store can still tell. Never fails. */
export async function knownSecrets(keyDirectory: string, auth: Auth): Promise<KnownSecrets> {
  const [all, own, password, ...keys] = await Promise.allSettled([
    readSecrets(keyDirectory, auth),
    readClusterSecrets(keyDirectory),
    readDatabasePassword(keyDirectory),
    readLoginKey(keyDirectory),
    readBootstrapKey(keyDirectory),
  ]);
  return {
    secrets: [
      ...(own.status === 'fulfilled' ? own.value : []),
      ...(password.status === 'fulfilled' && password.value ? [password.value] : []),
      ...keys.flatMap((each) =>
        each.status === 'fulfilled' && each.value ? [each.value.privateKey] : [],
      ),
    ],
    areDamaged: all.status === 'rejected' || password.status === 'rejected',
  };
}
