import { pick } from '../../common/stages/facts.js';
import { defineStage } from '../../common/stages/stage.js';
import { accountApi } from './account-api.js';

/** The last step of a destroy: removes left-overs on the account, and the secrets. */
export const forgetDropletStage = defineStage({
  name: 'forget-droplet',
  input: pick('cluster', 'project', 'keyDirectory', 'registry'),
  needs: ['account'],
  async run(input, context) {
    const { releasableRegistry, release } = await import('../../common/register.js');
    const { forgetDroplet } = await import('../account/sweep.js');
    // A state that an earlier version wrote has no step of its own for it.
    const here = { ...input, registry: await releasableRegistry(input, context.env) };
    await release(here);
    const { removed } = await forgetDroplet(here, await accountApi(context), context.signal);
    return `${removed} left-over objects removed`;
  },
});
