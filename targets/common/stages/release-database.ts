import { writeFileSync } from 'node:fs';
import { pick } from './facts.js';
import { defineStage } from './stage.js';

/** Releases an external database, so that another cluster may use it: at destroy time only. */
export const releaseDatabaseStage = defineStage({
  name: 'release-database',
  input: pick('cluster', 'keyDirectory', 'connector', 'external'),
  needs: ['database password'],
  async run(input, { env, signal, machines }) {
    const { describeEnd, prepareRelease } = await import('../release-database.js');
    const release = await prepareRelease(input, env, machines, 'key store');
    const end = await release?.(signal);
    if (end === undefined) return 'there is no database to release';
    // `down` reads the outcome from this file and reports it itself.
    const file = env.CLUSTERKIT_RELEASE_FILE;
    if (file !== undefined) writeFileSync(file, JSON.stringify(end), { mode: 0o600 });
    return describeEnd(end, input.external);
  },
});
