import { defineStage } from '../../common/stages/stage.js';
import { dropletFactsSchema } from '../facts.js';
import { accountApi } from './account-api.js';

/** Creates a managed database that only the droplet can reach, and stores its login. */
export const managedDatabaseStage = defineStage({
  name: 'managed-database',
  input: dropletFactsSchema.pick({
    cluster: true,
    project: true,
    keyDirectory: true,
    connector: true,
    version: true,
    managed: true,
  }),
  needs: ['account'],
  async run(input, context) {
    const { manageDatabase } = await import('../account/managed-database.js');
    const { signal, onStep } = context;
    await manageDatabase(input, await accountApi(context), signal, onStep);
    return 'managed database online';
  },
});
