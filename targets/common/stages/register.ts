import { pick } from './facts.js';
import { defineStage } from './stage.js';

/** Verifies the server and writes its registry entry. */
export const registerStage = defineStage({
  name: 'register',
  input: pick(
    'cluster',
    'target',
    'keyDirectory',
    'auth',
    'version',
    'endpoint',
    'address',
    'registry',
    'gateway',
    'derivedSecret',
    'tls',
  ),
  async run(input, context) {
    const { register } = await import('../register.js');
    const { server, entry } = await register(input, context);
    return `server ${server.version} answers, refuses foreign credentials; registry entry ${entry}`;
  },
});
