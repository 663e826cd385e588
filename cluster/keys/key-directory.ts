import { join } from 'node:path';

/** Directory of one cluster's secrets: `<state dir>/keys/<cluster>`, 0700, its files 0600. */
export const keyDirectory = (stateDir: string, cluster: string) => join(stateDir, 'keys', cluster);
