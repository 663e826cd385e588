import { pick } from '../../common/stages/facts.js';
import { defineStage } from '../../common/stages/stage.js';

/** Waits until the database answers a query. */
export const awaitDatabaseStage = defineStage({
  name: 'await-database',
  input: pick('cluster', 'keyDirectory', 'connector', 'external'),
  async run({ cluster, keyDirectory, connector, external }, { env, signal }) {
    const { openEngine } = await import('../../../clients/docker/open-engine.js');
    const { RELAY_CONTAINER } = await import('../../../cluster/configuration/relay-container.js');
    const { readDatabasePassword } = await import('../../../cluster/keys/key-store.js');
    const { objectName } = await import('../../../cluster/names.js');
    const { awaitDatabase } = await import('../../../cluster/objects/await-database.js');
    const password = await readDatabasePassword(keyDirectory);
    await awaitDatabase(await openEngine(env), {
      container: objectName(cluster, 'database'),
      connector,
      ...(external && { query: RELAY_CONTAINER.query }),
      secrets: password ? [password] : [],
      signal,
    });
    return 'database answers';
  },
});
