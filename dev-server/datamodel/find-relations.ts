import { otherSide, type Relation, type RelationField, type Side } from './datamodel.js';
import { type DeployProblem, problem } from './deploy-problem.js';

/** A field as written, before relations are known. */
export interface FieldDraft {
  readonly name: string;
  readonly type: string;
  readonly kind: 'scalar' | 'enum' | 'relation';
  readonly isList: boolean;
  readonly isOddList: boolean;
  readonly isRequired: boolean;
  readonly isUnique: boolean;
  readonly isId: boolean;
  readonly defaultValue: unknown;
  readonly oldName: string | undefined;
  readonly relation: string | undefined;
  readonly onDelete: unknown;
}

/** A type as written. */
export interface TypeDraft {
  readonly name: string;
  readonly oldName: string | undefined;
  readonly fields: readonly FieldDraft[];
}

/** The relations of a datamodel, and the finished field for each end of one. */
export interface Relations {
  readonly byName: ReadonlyMap<string, Relation>;
  fieldOf(draft: FieldDraft): RelationField | undefined;
}

interface End {
  readonly model: string;
  readonly field: FieldDraft;
}

/**
 * Pairs the fields that lead back and forth between two types: those with the same
 * `@relation(name:)`, else the only two candidates. Unnamed relations are called `AToB`, in
 * alphabetical order of the types, which is also the order of the columns of the link table.
 */
export function findRelations(types: readonly TypeDraft[], problems: DeployProblem[]): Relations {
  const ends = types.flatMap(({ name, fields }) =>
    fields.filter(({ kind }) => kind === 'relation').map((field): End => ({ model: name, field })),
  );
  const byName = new Map<string, Relation>();
  const finished = new Map<FieldDraft, RelationField>();
  for (const end of ends) {
    const { model, field } = end;
    if (finished.has(field)) continue;
    const back = partnerOf(end, ends, problems);
    const [first, second] = [model, field.type].sort();
    const name = field.relation ?? back?.field.relation ?? `${first}To${second}`;
    const report = (text: string) => problems.push(problem(text, model, field.name));
    if (!/^[A-Z]\w{0,59}$/.test(name)) report(`'${name}' needs an uppercase letter first.`);
    if (byName.has(name)) report(`There are two relations ${name}: use @relation(name:).`);
    const isFirst =
      model === field.type ? field.name <= (back?.field.name ?? field.name) : model === first;
    const side: Side = isFirst ? 'A' : 'B';
    const near = finish(field, name, side);
    finished.set(field, near);
    // A type related to itself by a single field: that field is both ends.
    const isMirrored = back === undefined && field.type === model;
    const far = isMirrored ? near : back && finish(back.field, name, otherSide(side));
    if (back && far) finished.set(back.field, far);
    const both = [
      { model, field: near },
      { model: field.type, field: far },
    ] as const;
    const [A, B] = isFirst ? both : [both[1], both[0]];
    byName.set(name, { name, A, B });
  }
  return { byName, fieldOf: (draft) => finished.get(draft) };
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
    const text = `Does it belong to ${names.join(' or ')}? Tell with @relation(name:) on each.`;
    problems.push(problem(text, model, field.name));
  }
  if (candidates.length > 0) return candidates[0];
  // Only one end carries a name: they belong together when there is no other way to pair them.
  const isOneNamed = field.relation === undefined || back[0]?.field.relation === undefined;
  return back.length === 1 && forth.length === 1 && isOneNamed ? back[0] : undefined;
}

const finish = (draft: FieldDraft, relation: string, side: Side): RelationField => ({
  kind: 'relation',
  name: draft.name,
  type: draft.type,
  isList: draft.isList,
  isRequired: draft.isRequired,
  oldName: draft.oldName,
  relation,
  side,
  cascades: draft.onDelete === 'CASCADE',
});
