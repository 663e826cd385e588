import { releaseStage as common } from '../../common/stages/release.js';
import { defineStage } from '../../common/stages/stage.js';

/**
 * The first step of a destroy: removes the registry entry, as on every target, and then the applications, because
 * Terraform cannot remove a network that containers use.
 */
export const releaseStage = defineStage({
  ...common,
  async run(input, context) {
    const released = await common.run(input, context);
    const { openEngine } = await import('../../../clients/docker/open-engine.js');
    const { releasableRegistry } = await import('../../common/register.js');
    const { forgetApps } = await import('../sweep.js');
    const registry = await releasableRegistry(input, context.env);
    const removed = await forgetApps({ ...input, registry }, await openEngine(context.env));
    return removed === 0 ? released : `${released}; ${removed} objects of applications removed`;
  },
});
