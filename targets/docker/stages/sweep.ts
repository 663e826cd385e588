import { facts } from '../../common/stages/facts.js';
import { defineStage } from '../../common/stages/stage.js';

/** Removes left-overs of an interrupted apply from the engine, before anything is created. */
export const sweepStage = defineStage({
  name: 'sweep',
  input: facts.pick({
    cluster: true,
    project: true,
    stateFile: true,
    attempt: true,
    keyDirectory: true,
    endpoint: true,
    registry: true,
    connector: true,
    version: true,
  }),
  async run(input) {
    const { sweep } = await import('../sweep.js');
    return `${await sweep(input)} left-over objects removed`;
  },
});
