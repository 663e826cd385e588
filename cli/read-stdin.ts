import { buffer } from 'node:stream/consumers';
import { usageError } from '../lib/errors.js';
import { Secret } from '../lib/secret.js';
import type { Context } from './context.js';

/** All of stdin. */
export const readStdin = ({ stdin }: Context): Promise<Buffer> => buffer(stdin);

/** The first line of stdin. @throws KitError `passphrase-missing` (exit 2) */
export async function readPassphrase(context: Context): Promise<Secret> {
  const [line = ''] = (await readStdin(context)).toString('utf8').split(/\r?\n/);
  if (line !== '') return new Secret(line);
  throw usageError('passphrase-missing', {
    path: '--passphrase-stdin',
    message: 'stdin has no passphrase',
    hint: 'Give it as the first line, such as: clusterkit … --passphrase-stdin < FILE',
  });
}
