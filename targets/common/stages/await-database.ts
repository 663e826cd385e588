import { connectEngine } from '../../../clients/docker/connect.js';
import { RELAY_CONTAINER } from '../../../cluster/configuration/relay-container.js';
import { readDatabasePassword } from '../../../cluster/keys/key-store.js';
import { objectName } from '../../../cluster/names.js';
import { awaitDatabase } from '../../../cluster/objects/await-database.js';
import type { StageInput } from './input.js';

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
