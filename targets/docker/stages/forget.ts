import { pick } from '../../common/stages/facts.js';
import { defineStage } from '../../common/stages/stage.js';

/** The last step of a destroy: removes left-overs of the cluster, and its secrets. */
export const forgetStage = defineStage({
  name: 'forget',
  input: pick('cluster', 'project', 'keyDirectory', 'registry'),
  async run(input, { env }) {
    const { openEngine } = await import('../../../clients/docker/open-engine.js');
    const { releasableRegistry, release } = await import('../../common/register.js');
    const { forget } = await import('../sweep.js');
    // A state that an earlier version wrote has no step of its own for it.
    const here = { ...input, registry: await releasableRegistry(input, env) };
    await release(here);
    return `${await forget(here, await openEngine(env))} left-over objects removed`;
  },
});
