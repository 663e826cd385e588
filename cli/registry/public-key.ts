import { readKeyPair } from '../../cluster/keys/key-pair.js';
import { EXIT, usageError } from '../../lib/errors.js';
import { shellWords } from '../../lib/shell-words.js';
import type { Context, SharedOptions } from '../context.js';
import { entryOf } from './inputs.js';

/** `clusterkit cluster public-key NAME`: the public key that the server needs, as SPKI PEM. */
export async function publicKey(context: Context, _: SharedOptions, name: string): Promise<number> {
  const { kind, secret } = await entryOf(context, 'public-key', name);
  if (kind === 'secret') {
    throw usageError('no-public-key', {
      path: name,
      message: 'this cluster has a shared secret (HS256), which has no public half',
      hint: `The server needs the secret itself, as managementApiSecret: clusterkit env ${shellWords([name])} --management-secret prints it.`,
    });
  }
  const pem = readKeyPair(secret, name).publicKey;
  context.report.json({ cluster: name, publicKey: pem });
  context.report.say(pem.trimEnd());
  return EXIT.done;
}
