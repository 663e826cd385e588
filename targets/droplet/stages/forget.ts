import { facts } from '../../common/stages/facts.js';
import { defineStage } from '../../common/stages/stage.js';
import { accountApi } from './account-api.js';

/** The last step of a destroy: removes left-overs on the account, and the secrets. */
export const forgetDropletStage = defineStage({
  name: 'forget-droplet',
  input: facts.pick({ cluster: true, project: true, keyDirectory: true, registry: true }),
  needs: ['account'],
  async run(input, context) {
    const { forgetDroplet } = await import('../account/sweep.js');
    const { removed } = await forgetDroplet(input, await accountApi(context), context.signal);
    return `${removed} left-over objects removed`;
  },
});
