import { objectName } from '../lib/cluster-names.js';
import { awaitDatabase } from '../lib/engine/await-database.js';
import { connectEngine } from '../lib/engine/connect.js';
import { readDatabasePassword } from '../lib/keys/key-store.js';
import { RELAY_CONTAINER } from '../lib/relay/relay-container.js';
import type { StageInput } from '../lib/stage-input.js';

/** The database answers a real query. */
export async function awaitDatabaseOf(
  input: StageInput<'await-database'>,
  signal?: AbortSignal,
): Promise<void> {
  const databasePassword = await readDatabasePassword(input.keyDirectory);
  await awaitDatabase(await connectEngine(), {
    container: objectName(input.cluster, 'database'),
    connector: input.connector,
    ...(input.external && { query: RELAY_CONTAINER.query }),
    secrets: databasePassword ? [databasePassword] : [],
    ...(signal && { signal }),
  });
}
