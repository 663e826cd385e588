import { objectName } from '../lib/cluster-names.js';
import { awaitDatabase } from '../lib/engine/await-database.js';
import { connectEngine } from '../lib/engine/connect.js';
import { ensureSecrets } from '../lib/keys/key-store.js';
import type { StageInput } from '../lib/stage-input.js';

/** The database answers a real query. */
export async function awaitDatabaseOf(
  input: StageInput<'await-database'>,
  signal?: AbortSignal,
): Promise<void> {
  const { databasePassword } = await ensureSecrets(input.keyDirectory);
  await awaitDatabase(await connectEngine(), {
    container: objectName(input.cluster, 'database'),
    secrets: [databasePassword],
    ...(signal && { signal }),
  });
}
