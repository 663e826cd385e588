import { pick } from '../../common/stages/facts.js';
import { defineStage } from '../../common/stages/stage.js';

/** Creates the secrets of the cluster and fills its configuration volume. */
export const configureStage = defineStage({
  name: 'configure',
  input: pick(
    'gateway',
    'external',
    'use',
    'cluster',
    'project',
    'keyDirectory',
    'connector',
    'auth',
    'derivedSecret',
    'startedImage',
    'databaseImage',
    'version',
  ),
  needs: ['database password'],
  async run(input, { env }) {
    const { configure } = await import('../../common/configure.js');
    const { loginOf } = await import('../../../external-database/read-login.js');
    const { claimDatabase, databasePlace } = await import('../../common/claim-database.js');
    const { openEngine } = await import('../../../clients/docker/open-engine.js');
    const { clusterOfKeys } = await import('../../../cluster/identity.js');
    const { readOwner } = await import('../../common/owner.js');
    const { assertEngineIsFree } = await import('../own-objects.js');
    const login = await loginOf(input, env);
    // `cdktf deploy` runs no preflight before.
    if (login) await claimDatabase(login, input, databasePlace(input));
    const engine = await openEngine(env);
    // Another project may have made a volume of this name since the sweep, which would now get our secrets.
    const { stateDir, cluster } = clusterOfKeys(input.keyDirectory);
    await assertEngineIsFree(engine, await readOwner(stateDir, cluster));
    await configure(engine, { ...input, login });
    return 'configuration written';
  },
});
