import { EXIT } from '../../lib/errors.js';
import { readKeyPair } from '../../lib/keys/key-pair.js';
import type { Context, SharedOptions } from '../context.js';
import { registryWorld, signingSecretOf } from './world.js';

/** `clusterkit cluster public-key NAME`: the half that belongs on the server, as SPKI PEM. */
export async function publicKey(context: Context, _: SharedOptions, name: string): Promise<number> {
  const { registry } = registryWorld(context, 'public-key');
  const secret = await signingSecretOf(registry, name);
  const pem = readKeyPair(secret, name).publicKey;
  context.report.json({ cluster: name, publicKey: pem });
  context.report.say(pem.trimEnd());
  return EXIT.done;
}
