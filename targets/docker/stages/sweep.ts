import { pick } from '../../common/stages/facts.js';
import { defineStage } from '../../common/stages/stage.js';

/** Removes left-overs of an interrupted apply from the engine, before anything is created. */
export const sweepStage = defineStage({
  name: 'sweep',
  input: pick(
    'cluster',
    'project',
    'stateFile',
    'attempt',
    'keyDirectory',
    'endpoint',
    'registry',
    'connector',
    'version',
  ),
  async run(input, { env }) {
    const { openEngine } = await import('../../../clients/docker/open-engine.js');
    const { sweep } = await import('../sweep.js');
    return `${await sweep(input, await openEngine(env))} left-over objects removed`;
  },
});
