import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { guard, replaceFile } from '../../../cluster/keys/key-files.js';
import type { Secret } from '../../../lib/secret.js';

const FILE = 'user-data.yaml';

/** Path of the user data that Terraform reads for a cluster's droplet: beside its keys, 0600. */
export const userDataFile = (keyDirectory: string) => join(keyDirectory, FILE);

/** Writes it. @throws KitError `key-store-unusable` (exit 3) */
export const writeUserData = (keyDirectory: string, text: Secret): Promise<void> =>
  guard(keyDirectory, () => replaceFile(keyDirectory, FILE, text.reveal()));

/** Removes it, if any. */
export const removeUserData = (keyDirectory: string): Promise<void> =>
  guard(keyDirectory, () => rm(userDataFile(keyDirectory), { force: true }));
