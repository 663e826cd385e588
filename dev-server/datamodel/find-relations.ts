import {
  type DeployProblem,
  problem,
  type Relation,
  type RelationField,
  type Side,
} from './datamodel.js';
import type { FieldDraft } from './parse-field.js';

/** A type as written, before relations are known. */
export interface TypeDraft {
  readonly name: string;
  readonly oldName: string | undefined;
  readonly fields: readonly FieldDraft[];
}

interface End {
  readonly model: string;
  readonly field: FieldDraft;
}

/** The relations of a datamodel, and the finished field for each end of one. */
export interface Relations {
  readonly byName: ReadonlyMap<string, Relation>;
  fieldOf(model: string, field: string): RelationField | undefined;
}

/**
 * Pairs the fields that lead back and forth between two types: those with the same
 * `@relation(name:)`, else the only two candidates. Unnamed relations are called `AToB`, in
 * alphabetical order of the types, which is also the order of the columns of the link table.
 */
export function findRelations(types: readonly TypeDraft[], problems: DeployProblem[]): Relations {
  const isType = (name: string) => types.some((type) => type.name === name);
  const ends = types.flatMap(({ name, fields }) =>
    fields.filter((field) => isType(field.type)).map((field): End => ({ model: name, field })),
  );
  const byName = new Map<string, Relation>();
  const fieldByEnd = new Map<FieldDraft, RelationField>();
  for (const end of ends) {
    if (fieldByEnd.has(end.field)) continue;
    const { model, field } = end;
    const back = partnerOf(end, ends, problems);
    const [first = model, second = field.type] = [model, field.type].sort();
    const name = field.relation ?? back?.field.relation ?? `${first}To${second}`;
    if (!/^[A-Z][A-Za-z0-9_]{0,59}$/.test(name)) {
      problems.push(
        problem(
          `The relation name '${name}' must start with an uppercase letter.`,
          model,
          field.name,
        ),
      );
    }
    if (byName.has(name)) {
      const hint = 'tell the relations apart with @relation(name:)';
      problems.push(problem(`There are two relations '${name}': ${hint}.`, model, field.name));
    }
    const isFirst =
      model === field.type ? field.name <= (back?.field.name ?? field.name) : model === first;
    const side: Side = isFirst ? 'A' : 'B';
    const own = finish(field, name, side);
    fieldByEnd.set(field, own);
    // A type related to itself by a single field: that field is both ends.
    const isMirrored = back === undefined && field.type === model;
    const other = isMirrored ? own : back && finish(back.field, name, side === 'A' ? 'B' : 'A');
    if (back && other) fieldByEnd.set(back.field, other);
    const near = { model, field: own };
    const far = { model: field.type, field: other };
    byName.set(name, side === 'A' ? { name, A: near, B: far } : { name, A: far, B: near });
  }
  const draftOf = (model: string, name: string) =>
    ends.find((end) => end.model === model && end.field.name === name)?.field;
  return {
    byName,
    fieldOf(model, name) {
      const draft = draftOf(model, name);
      return draft && fieldByEnd.get(draft);
    },
  };
}

function partnerOf(end: End, ends: readonly End[], problems: DeployProblem[]): End | undefined {
  const { model, field } = end;
  const isNamedAlike = (other: End) => other.field.relation === field.relation;
  const forth = ends.filter((other) => other.model === model && other.field.type === field.type);
  const back = ends.filter(
    (other) => other.model === field.type && other.field.type === model && other !== end,
  );
  const candidates = back.filter(isNamedAlike);
  const rivals = model === field.type ? [] : forth.filter(isNamedAlike).slice(1);
  if (candidates.length > 1 || (candidates.length === 1 && rivals.length > 0)) {
    const names = [...candidates, ...rivals].map((other) => `${other.model}.${other.field.name}`);
    const hint = `give each pair of fields a name of its own with @relation(name:)`;
    problems.push(
      problem(`Does it belong to ${names.join(' or ')}? Please ${hint}.`, model, field.name),
    );
    return undefined;
  }
  if (candidates.length === 1) return candidates[0];
  // Only one end carries a name: they belong together when there is no other way to pair them.
  const [only] = back;
  const isOneNamed = field.relation === undefined || only?.field.relation === undefined;
  return back.length === 1 && forth.length === 1 && isOneNamed ? only : undefined;
}

const finish = (draft: FieldDraft, relation: string, side: Side): RelationField => ({
  kind: 'relation',
  name: draft.name,
  type: draft.type,
  isList: draft.isList,
  isRequired: draft.isRequired && !draft.isList,
  oldName: draft.oldName,
  relation,
  side,
  cascades: draft.cascades,
});
