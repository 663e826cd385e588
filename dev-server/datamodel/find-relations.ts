import { otherSide, type Relation, type RelationField, type Side } from './datamodel.js';
import { type DeployProblem, problem } from './deploy-problem.js';
import type { FieldDraft } from './read-field.js';

/** A type as written. */
export interface TypeDraft {
  readonly name: string;
  readonly fields: readonly FieldDraft[];
}

interface End {
  readonly model: string;
  readonly field: FieldDraft;
}

/**
 * Pairs the fields that lead back and forth between two types: those with the same
 * `@relation(name:)`, else the only two candidates. Unnamed relations are called `AToB`, in
 * alphabetical order of the types (or of the fields, where a type is related to itself), which is
 * also the order of the columns of the link table.
 */
export function findRelations(types: readonly TypeDraft[], problems: DeployProblem[]) {
  const ends = types.flatMap(({ name, fields }) =>
    fields.filter(({ kind }) => kind === 'relation').map((field): End => ({ model: name, field })),
  );
  const byName = new Map<string, Relation>();
  const finished = new Map<FieldDraft, RelationField>();
  for (const { model, field } of ends) {
    if (finished.has(field)) continue;
    const back = partnerOf(model, field, ends, problems);
    const [first, second] = [model, field.type].sort();
    const name = field.relation ?? back?.relation ?? `${first}To${second}`;
    const report = (text: string) => problems.push(problem(text, model, field.name));
    if (!/^[A-Z]\w{0,59}$/.test(name)) report(`'${name}' needs an uppercase letter first.`);
    if (byName.has(name)) report(`There are two relations ${name}: use @relation(name:).`);
    const isFirst = model === field.type ? field.name <= (back?.name ?? '~') : model === first;
    const side: Side = isFirst ? 'A' : 'B';
    const near = { model, field: finish(field, name, side) };
    const far = { model: field.type, field: back && finish(back, name, otherSide(side)) };
    finished.set(field, near.field);
    if (back && far.field) finished.set(back, far.field);
    byName.set(name, isFirst ? { name, A: near, B: far } : { name, A: far, B: near });
  }
  return { byName, fieldOf: (draft: FieldDraft) => finished.get(draft) };
}

function partnerOf(
  model: string,
  field: FieldDraft,
  ends: readonly End[],
  problems: DeployProblem[],
): FieldDraft | undefined {
  const leading = (from: string, to: string) =>
    ends.filter((end) => end.model === from && end.field.type === to && end.field !== field);
  const isNamedAlike = (end: End) => end.field.relation === field.relation;
  const back = leading(field.type, model);
  const candidates = back.filter(isNamedAlike);
  const rivals = model === field.type ? [] : leading(model, field.type).filter(isNamedAlike);
  if (candidates.length > 1 || (candidates.length === 1 && rivals.length > 0)) {
    const names = [...candidates, ...rivals].map((end) => `${end.model}.${end.field.name}`);
    const text = `Does it belong with ${names.join(' or ')}? Tell with @relation(name:) on each.`;
    problems.push(problem(text, model, field.name));
  }
  if (candidates.length > 0) return candidates[0]?.field;
  // Only one end carries a name: they belong together when there is no other way to pair them.
  const isOneNamed = field.relation === undefined || back[0]?.field.relation === undefined;
  const isClear = back.length === 1 && leading(model, field.type).length === 0 && isOneNamed;
  return isClear && model !== field.type ? back[0]?.field : undefined;
}

function finish(draft: FieldDraft, relation: string, side: Side): RelationField {
  const { name, type, isList, isRequired, cascades } = draft;
  return { kind: 'relation', name, type, isList, isRequired, relation, side, cascades };
}
