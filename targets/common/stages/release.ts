import { registerStage } from './register.js';
import { defineStage } from './stage.js';

/** Removes the registry entry, before anything of the cluster is removed. */
export const releaseStage = defineStage({
  name: 'release',
  input: registerStage.input,
  async run(input) {
    const { release } = await import('../register.js');
    return `registry entry ${await release(input)}`;
  },
});
