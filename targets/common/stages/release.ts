import { registerStage } from './register.js';
import { defineStage } from './stage.js';

/** Removes the registry entry, before anything of the cluster is removed. */
export const releaseStage = defineStage({
  name: 'release',
  input: registerStage.input,
  async run(input, { env }) {
    const { releasableRegistry, release } = await import('../register.js');
    const registry = await releasableRegistry(input, env);
    return `registry entry ${await release({ ...input, registry })}`;
  },
});
