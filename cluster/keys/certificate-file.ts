import { join } from 'node:path';
import { makeDirectory } from '../../lib/make-directory.js';
import { guard, readIfThere, replaceFile } from './key-files.js';

const FILE = 'certificate.pem';

/** The certificate of a cluster's host (PEM), or `undefined`. Its key is on the host only. */
export const readCertificate = (directory: string): Promise<string | undefined> =>
  guard(directory, () => readIfThere(join(directory, FILE)));

/** Stores it durably. Equal bytes are not written again. */
export const keepCertificate = (directory: string, pem: string): Promise<void> =>
  guard(directory, async () => {
    if ((await readIfThere(join(directory, FILE))) === pem) return;
    await makeDirectory(directory);
    await replaceFile(directory, FILE, pem);
  });
