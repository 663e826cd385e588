import { facts } from './facts.js';
import { defineStage } from './stage.js';

/** Verifies the server and writes its registry entry. */
export const registerStage = defineStage({
  name: 'register',
  input: facts.pick({
    cluster: true,
    target: true,
    keyDirectory: true,
    auth: true,
    version: true,
    endpoint: true,
    address: true,
    registry: true,
    gateway: true,
    tls: true,
  }),
  async run(input, context) {
    const { register } = await import('../register.js');
    const { server, entry } = await register(input, context);
    return `server ${server.version} answers, refuses foreign credentials; registry entry ${entry}`;
  },
});
