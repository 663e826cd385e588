import { join } from 'node:path';

/** Where the user data of a cluster's droplet waits for Terraform: beside its keys, 0600. */
export const userDataFile = (keyDirectory: string) => join(keyDirectory, 'user-data.yaml');
