import { pick } from '../../common/stages/facts.js';
import { defineStage } from '../../common/stages/stage.js';
import { accountApi } from './account-api.js';

/** Removes a managed database with all its data: at destroy time only. */
export const dropDatabaseStage = defineStage({
  name: 'drop-database',
  input: pick('cluster', 'project', 'keyDirectory'),
  needs: ['account'],
  async run(input, context) {
    const { dropDatabase } = await import('../account/drop-database.js');
    const removed = await dropDatabase(input, await accountApi(context), context.signal);
    return `${removed} managed databases removed`;
  },
});
