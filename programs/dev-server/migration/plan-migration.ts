import type { ServiceDatabase } from '../database/database.js';
import type { Alteration } from '../database/database-kind.js';
import { type Datamodel, type Field, isColumn, isSystem } from '../datamodel/datamodel.js';
import { type DeployProblem, problem } from '../datamodel/deploy-problem.js';
import { addColumn, createLinks, createNodes, limitLinks } from './alterations.js';
import { caseTwins, columnObstacles, linkObstacles, type Obstacle } from './obstacles.js';

/** One step of a migration, with the field names of the management API. `null`: unchanged. */
export interface Step {
  readonly type: string;
  readonly [fact: string]: string | boolean | readonly string[] | null;
}

/** A step, its obstacles, and its statements. */
export interface Change {
  readonly step: Step;
  readonly obstacles: readonly Obstacle[];
  readonly alterations: readonly Alteration[];
}

const ADVICE =
  'This server only adds. Keep the old form, or start anew: `prisma delete`, then `prisma deploy`.';

/** The changes from one datamodel to another; refuses everything that is not an addition. */
export function planMigration(from: Datamodel, to: Datamodel, service: ServiceDatabase) {
  const changes: Change[] = [];
  const problems: DeployProblem[] = [];
  const add = (step: Step, alterations: Alteration[] = [], obstacles: Obstacle[] = []) =>
    changes.push({ step, obstacles, alterations });
  const refuse = (what: string, type: string, field?: string) =>
    problems.push(problem(`${what} ${ADVICE}`, type, field));
  const createField = (model: string, field: Field) => {
    const step = { type: 'CreateField', model, name: field.name, ...factsOf(field) };
    if (isSystem(field)) return add(step);
    const isFilled = from.models.has(model);
    if (isColumn(field)) {
      const obstacles = isFilled ? columnObstacles(service, model, field) : [];
      return add(step, addColumn(service, model, field, !isFilled), obstacles);
    }
    const isLinked = from.relations.has(field.relation);
    const obstacles = isFilled ? linkObstacles(service, model, field, isLinked) : [];
    return add(step, field.isList ? [] : limitLinks(service, field, !isLinked), obstacles);
  };

  for (const kind of ['models', 'enums', 'relations'] as const) {
    const gone = [...from[kind].keys()].filter((name) => !to[kind].has(name));
    for (const name of gone) refuse('It would be dropped.', name);
  }
  for (const { name, values } of to.enums.values()) {
    const before = from.enums.get(name)?.values;
    const gone = before?.filter((value) => !values.includes(value)) ?? [];
    if (gone.length > 0) refuse(`It would lose ${gone.join(', ')}.`, name);
    if (!before) add({ type: 'CreateEnum', name, values });
    else if (before.join() !== values.join())
      add({ type: 'UpdateEnum', name, newName: null, values });
  }
  for (const { name, fields } of to.models.values()) {
    const before = from.models.get(name)?.fields;
    if (!before) add({ type: 'CreateModel', name }, createNodes(service, name));
    for (const field of fields) {
      const old = before?.find((one) => one.name === field.name);
      if (!old) createField(name, field);
      else if (shapeOf(old) !== shapeOf(field)) {
        refuse(`It would change from ${shapeOf(old)} to ${shapeOf(field)}.`, name, field.name);
      } else if (JSON.stringify(old) !== JSON.stringify(field)) add(updateStep(name, old, field));
    }
    for (const twin of service.kind.foldsColumns ? caseTwins(fields) : []) {
      problems.push(
        problem('MySQL confuses it with a field that differs only in case.', name, twin),
      );
    }
    for (const old of before ?? []) {
      const isKept = fields.some((field) => field.name === old.name);
      if (!isKept) refuse('It would be dropped.', name, old.name);
    }
  }
  for (const { name, A, B } of to.relations.values()) {
    const before = from.relations.get(name);
    if (before && (before.A.model !== A.model || before.B.model !== B.model)) {
      refuse('It would join other types.', name);
    }
    if (before) continue;
    const step = { type: 'CreateRelation', name, leftModel: A.model, rightModel: B.model };
    add(step, createLinks(service, name, { A: A.model, B: B.model }));
  }
  return { changes, problems };
}

/** A field in a step. The API treats relations and enums as types. */
const factsOf = (field: Field) => ({
  typeName: isColumn(field) ? (field.kind === 'enum' ? 'Enum' : field.type) : 'Relation',
  isRequired: field.isRequired || field.isList,
  isList: field.isList,
  unique: isColumn(field) && field.isUnique,
  relation: isColumn(field) ? null : field.relation,
  relatedModel: isColumn(field) ? null : field.type,
  default: isColumn(field) ? String(field.defaultValue ?? '') || null : null,
  enum: field.kind === 'enum' ? field.type : null,
});

/** The stored form of a field, in words; everything else may change at any time. */
function shapeOf(field: Field): string {
  if (isSystem(field)) return field.type === 'UUID' ? 'UUID!' : field.filled;
  const { type, isList, isRequired } = field;
  const written = isList ? `[${type}!]!` : `${type}${isRequired ? '!' : ''}`;
  if (isColumn(field)) return written + (field.isUnique ? ' @unique' : '');
  return `${written} (end ${field.side} of ${field.relation})`;
}

function updateStep(model: string, before: Field, after: Field): Step {
  const old: Record<string, unknown> = factsOf(before);
  const facts = Object.entries(factsOf(after)).map(([key, fact]) => {
    return [key, old[key] === fact ? null : fact] as const;
  });
  const names = { model, name: after.name, newName: null };
  return { type: 'UpdateField', ...names, ...Object.fromEntries(facts) };
}
