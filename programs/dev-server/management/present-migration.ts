import type { Generation } from '../../../prisma/generation.js';
import { linkTable } from '../database/database.js';
import type { Step } from '../migration/plan-migration.js';
import { type Migration, publicId } from './project-store.js';

/**
 * A migration in the API's form. `deploy` answers when everything is done, so every stored
 * migration has succeeded.
 */
export function present(migration: Migration, id: string, generation: Generation) {
  const { revision, steps, startedAt, finishedAt } = migration;
  const detail = generation === 'C' ? newStep : oldStep;
  return {
    revision,
    projectId: publicId(id, generation),
    status: 'SUCCESS',
    applied: steps.length,
    rolledBack: 0,
    errors: [],
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt.toISOString(),
    steps: steps.map((step) => ({ ...step, __typename: step.type, ...detail(step) })),
  };
}

/** Up to 1.26 the type of ids has its internal name, which the CLIs print. */
const oldStep = ({ typeName }: Step): object =>
  typeName === 'ID' ? { typeName: 'GraphQLID' } : {};

/**
 * From 1.27 on steps report the related type, that there is no default, and where links are stored.
 */
function newStep({ type, name, typeName, relatedModel, default: value }: Step): object {
  if (type === 'CreateField') {
    return { typeName: relatedModel ?? typeName, default: value ?? 'None' };
  }
  if (type !== 'CreateRelation') return {};
  const columns = { modelAColumn: 'A', modelBColumn: 'B', idColumn: null };
  const table = linkTable(String(name));
  return { after: { __typename: 'LinkTable', type: 'LinkTable', table, ...columns } };
}
