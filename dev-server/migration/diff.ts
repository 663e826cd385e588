import {
  type Datamodel,
  type Enum,
  type Field,
  isColumn,
  isRelation,
  type Model,
  type Relation,
} from '../datamodel/datamodel.js';
import type { FieldStep, Step } from './steps.js';

/** A step, with what it leads from and to. `model` is the state after, except for deletions. */
export type Change =
  | { readonly kind: 'model'; readonly step: Step; readonly before?: Model; readonly after?: Model }
  | {
      readonly kind: 'field';
      readonly step: Step;
      readonly model: Model;
      readonly before?: Field;
      readonly after?: Field;
    }
  | { readonly kind: 'enum'; readonly step: Step; readonly before?: Enum; readonly after?: Enum }
  | {
      readonly kind: 'relation';
      readonly step: Step;
      readonly before?: Relation;
      readonly after?: Relation;
      /** The ends have changed places in the link table, whose columns follow the alphabet. */
      readonly isSwapped?: boolean;
    };

/**
 * The changes that lead from one datamodel to another, in an order in which they can be made.
 * A field that changes its type, or between one value and a list, is deleted and made anew.
 */
export function diffDatamodels(from: Datamodel, to: Datamodel): Change[] {
  const models = pair(from.models, to.models);
  const enums = pair(from.enums, to.enums);
  const renames = new Map(
    [...models.kept, ...enums.kept].map(([before, after]) => [before.name, after.name]),
  );
  const fields = models.kept.map(([before, after]) => diffFields(before, after, renames));
  const relations = diffRelations(from, to, renames);
  return [
    ...models.kept
      .filter(([before, after]) => before.name !== after.name)
      .map(([before, after]): Change => {
        const step: Step = { type: 'UpdateModel', name: before.name, newName: after.name };
        return { kind: 'model', step, before, after };
      }),
    ...relations.deleted,
    ...fields.flatMap((changes) => changes.deleted),
    ...models.gone.map((before): Change => {
      return { kind: 'model', step: { type: 'DeleteModel', name: before.name }, before };
    }),
    ...enums.gone.map((before): Change => {
      return { kind: 'enum', step: { type: 'DeleteEnum', name: before.name }, before };
    }),
    ...enums.made.map((after): Change => {
      const { name, values } = after;
      return { kind: 'enum', step: { type: 'CreateEnum', name, values }, after };
    }),
    ...enums.kept.flatMap(([before, after]) => diffEnum(before, after)),
    ...models.made.flatMap((after): Change[] => [
      { kind: 'model', step: { type: 'CreateModel', name: after.name }, after },
      ...after.fields.map((field) => createField(after, field)),
    ]),
    ...fields.flatMap((changes) => changes.kept),
    ...relations.made,
  ];
}

interface Named {
  readonly name: string;
  readonly oldName?: string | undefined;
}

/** Matches by name, or by `oldName` as long as nothing has the new name yet. */
function pair<T extends Named>(from: ReadonlyMap<string, T>, to: ReadonlyMap<string, T>) {
  const kept: [T, T][] = [];
  const made: T[] = [];
  for (const after of to.values()) {
    const { name, oldName } = after;
    const old = oldName !== undefined && !to.has(oldName) ? from.get(oldName) : undefined;
    const before = from.get(name) ?? old;
    if (before === undefined) made.push(after);
    else kept.push([before, after]);
  }
  const used = new Set(kept.map(([before]) => before));
  return { kept, made, gone: [...from.values()].filter((before) => !used.has(before)) };
}

const byName = (fields: readonly Field[]) => new Map(fields.map((field) => [field.name, field]));

function diffFields(from: Model, to: Model, renames: ReadonlyMap<string, string>) {
  const { kept, made, gone } = pair(byName(from.fields), byName(to.fields));
  const isRemade = ([before, after]: [Field, Field]) =>
    before.kind !== after.kind ||
    (renames.get(before.type) ?? before.type) !== after.type ||
    (isColumn(before) && before.isList !== after.isList);
  const remade = kept.filter(isRemade);
  const deleted = [...gone, ...remade.map(([before]) => before)].map((before): Change => {
    const step: Step = { type: 'DeleteField', model: to.name, name: before.name };
    return { kind: 'field', step, model: to, before };
  });
  const updated = kept
    .filter((both) => !isRemade(both))
    .flatMap(([before, after]) => updateField(to, before, after));
  const created = [...made, ...remade.map(([, after]) => after)];
  return { deleted, kept: [...updated, ...created.map((field) => createField(to, field))] };
}

/** What a step tells about a field. Relations and enums are kinds of types to the API. */
const factsOf = (field: Field) => ({
  typeName: isRelation(field) ? 'Relation' : field.kind === 'enum' ? 'Enum' : field.type,
  isRequired: field.isRequired,
  isList: field.isList,
  unique: isColumn(field) && field.isUnique,
  relation: isRelation(field) ? field.relation : null,
  default: isColumn(field) ? String(field.defaultValue ?? '') || null : null,
  enum: field.kind === 'enum' ? field.type : null,
});

function createField(model: Model, after: Field): Change {
  const step: FieldStep = {
    type: 'CreateField',
    model: model.name,
    name: after.name,
    ...factsOf(after),
  };
  return { kind: 'field', step, model, after };
}

function updateField(model: Model, before: Field, after: Field): Change[] {
  const [old, now] = [factsOf(before), factsOf(after)];
  const changed = <K extends keyof typeof now>(key: K) => (old[key] === now[key] ? null : now[key]);
  const step: FieldStep = {
    type: 'UpdateField',
    model: model.name,
    name: before.name,
    newName: before.name === after.name ? null : after.name,
    typeName: changed('typeName'),
    isRequired: changed('isRequired'),
    isList: changed('isList'),
    unique: changed('unique'),
    relation: changed('relation'),
    default: changed('default'),
    enum: changed('enum'),
  };
  const { type: _type, model: _model, name: _name, ...facts } = step;
  const isHiddenBefore = isColumn(before) && before.isHidden;
  const isHiddenAfter = isColumn(after) && after.isHidden;
  const isSame = Object.values(facts).every((fact) => fact === null);
  const isCascadeSame =
    !isRelation(before) || !isRelation(after) || before.cascades === after.cascades;
  if (isSame && isHiddenBefore === isHiddenAfter && isCascadeSame) return [];
  return [{ kind: 'field', step, model, before, after }];
}

function diffEnum(before: Enum, after: Enum): Change[] {
  const isSame = before.values.join() === after.values.join();
  if (isSame && before.name === after.name) return [];
  const newName = before.name === after.name ? null : after.name;
  const values = isSame ? null : after.values;
  return [
    {
      kind: 'enum',
      step: { type: 'UpdateEnum', name: before.name, newName, values },
      before,
      after,
    },
  ];
}

/** A relation stays the same when its name does, or when one of its fields leads on as before. */
function diffRelations(from: Datamodel, to: Datamodel, renames: ReadonlyMap<string, string>) {
  const endsAs = (name: string) => renames.get(name) ?? name;
  const modelsOf = ({ A, B }: Relation, map = (name: string) => name) =>
    [map(A.model), map(B.model)].sort().join();
  const fieldsOf = ({ A, B }: Relation, map = (name: string) => name) =>
    [A, B].flatMap(({ model, field }) => (field ? [`${map(model)}.${field.name}`] : []));
  const used = new Set<Relation>();
  const made: Change[] = [];
  for (const after of to.relations.values()) {
    const rivals = [...from.relations.values()].filter(
      (before) => !used.has(before) && modelsOf(before, endsAs) === modelsOf(after),
    );
    const before =
      rivals.find((rival) => rival.name === after.name) ??
      rivals.find((rival) =>
        fieldsOf(rival, endsAs).some(
          (field) => fieldsOf(after).includes(field) && !to.relations.has(rival.name),
        ),
      );
    if (before === undefined) {
      const [leftModel, rightModel] = [after.A.model, after.B.model];
      const step: Step = { type: 'CreateRelation', name: after.name, leftModel, rightModel };
      made.push({ kind: 'relation', step, after });
      continue;
    }
    used.add(before);
    const isToItself = before.A.model === before.B.model;
    const leads = before.A.field?.name;
    const isSwapped = isToItself
      ? leads !== after.A.field?.name && leads === after.B.field?.name
      : endsAs(before.A.model) !== after.A.model;
    if (before.name !== after.name || isSwapped) {
      const step: Step = { type: 'UpdateRelation', name: before.name, newName: after.name };
      made.push({ kind: 'relation', step, before, after, isSwapped });
    }
  }
  const deleted = [...from.relations.values()]
    .filter((before) => !used.has(before))
    .map((before): Change => {
      return { kind: 'relation', step: { type: 'DeleteRelation', name: before.name }, before };
    });
  return { deleted, made };
}
