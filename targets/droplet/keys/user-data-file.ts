import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { guard, replaceFile } from '../../../cluster/keys/key-files.js';
import type { Secret } from '../../../lib/secret.js';

const FILE = 'user-data.yaml';

/** Where the user data of a cluster's droplet waits for Terraform: beside its keys, 0600. */
export const userDataFile = (keyDirectory: string) => join(keyDirectory, FILE);

/** Puts it there. @throws KitError `key-store-unusable` (exit 3) */
export const writeUserData = (keyDirectory: string, text: Secret): Promise<void> =>
  guard(keyDirectory, () => replaceFile(keyDirectory, FILE, text.reveal()));

/** Takes it away again. Nothing there is no error. */
export const removeUserData = (keyDirectory: string): Promise<void> =>
  guard(keyDirectory, () => rm(userDataFile(keyDirectory), { force: true }));
