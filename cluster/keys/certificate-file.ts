import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { guard, readIfThere, replaceFile } from './key-files.js';

const FILE = 'certificate.pem';

/** The certificate that a cluster's host shows (PEM), or `undefined`. Its key is on the host alone. */
export const readCertificate = (directory: string): Promise<string | undefined> =>
  guard(directory, () => readIfThere(join(directory, FILE)));

/** Writes it down, for good when it returns. Equal bytes are not written. */
export const keepCertificate = (directory: string, pem: string): Promise<void> =>
  guard(directory, async () => {
    if ((await readIfThere(join(directory, FILE))) === pem) return;
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await replaceFile(directory, FILE, pem);
  });
