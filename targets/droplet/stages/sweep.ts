import { pick } from '../../common/stages/facts.js';
import { defineStage } from '../../common/stages/stage.js';
import { accountApi } from './account-api.js';

/** Removes left-overs of an interrupted apply from the account, before anything is created. */
export const sweepDropletStage = defineStage({
  name: 'sweep-droplet',
  input: pick('cluster', 'project', 'stateFile', 'attempt', 'keyDirectory', 'registry'),
  needs: ['account'],
  async run(input, context) {
    const { sweepDroplet } = await import('../account/sweep.js');
    const removed = await sweepDroplet(input, await accountApi(context), context.signal);
    return `${removed} left-over objects removed`;
  },
});
