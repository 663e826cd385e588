import {
  type Model,
  otherSide,
  type Relation,
  type RelationField,
  relationsOf,
} from './datamodel.js';
import { type DeployProblem, problem } from './deploy-problem.js';

interface End {
  readonly model: string;
  readonly field: RelationField;
}

/**
 * Pairs the fields that connect two types, and sets their relation and side: fields with the same
 * `@relation(name:)`, else the only two candidates. Unnamed relations are called `AToB`, in
 * alphabetical order of the types (or of the fields, for a type that is related to itself), which
 * is also the order of the columns of the link table.
 */
export function findRelations(models: readonly Model[], problems: DeployProblem[]) {
  const ends = models.flatMap((model) =>
    relationsOf(model).map((field): End => ({ model: model.name, field })),
  );
  const relations = new Map<string, Relation>();
  const found = new Map<RelationField, Pick<RelationField, 'relation' | 'side'>>();
  for (const { model, field } of ends) {
    if (found.has(field)) continue;
    const back = partnerOf(model, field, ends, problems);
    const [first, second] = [model, field.type].sort();
    const name = field.relation || back?.relation || `${first}To${second}`;
    const report = (text: string) => problems.push(problem(text, model, field.name));
    if (field.relation && !/^[A-Z]\w{0,63}$/.test(name)) {
      report(`The name '${name}' has an uppercase letter first, and 64 in all at most.`);
    }
    if (relations.has(name)) report(`There are two relations ${name}: use @relation(name:).`);
    const isFirst = model === field.type ? field.name <= (back?.name ?? '~') : model === first;
    const side = isFirst ? 'A' : 'B';
    found.set(field, { relation: name, side });
    if (back) found.set(back, { relation: name, side: otherSide(side) });
    const [near, far] = [
      { model, field },
      { model: field.type, field: back },
    ];
    relations.set(name, isFirst ? { name, A: near, B: far } : { name, A: far, B: near });
  }
  // Set at the end, because the written names decide the pairs.
  for (const [field, place] of found) Object.assign(field, place);
  return relations;
}

function partnerOf(
  model: string,
  field: RelationField,
  ends: readonly End[],
  problems: DeployProblem[],
): RelationField | undefined {
  const leading = (from: string, to: string) =>
    ends.filter((end) => end.model === from && end.field.type === to && end.field !== field);
  const isNamedAlike = (end: End) => end.field.relation === field.relation;
  const back = leading(field.type, model);
  const candidates = back.filter(isNamedAlike);
  const rivals = model === field.type ? [] : leading(model, field.type).filter(isNamedAlike);
  if (candidates.length > 1 || (candidates.length === 1 && rivals.length > 0)) {
    const names = [...candidates, ...rivals].map((end) => `${end.model}.${end.field.name}`);
    const text = `Does it belong with ${names.join(' or ')}? Add @relation(name:) to each.`;
    problems.push(problem(text, model, field.name));
  }
  if (candidates.length > 0) return candidates[0]?.field;
  // Only one end has a name: they are a pair when there is no other way to pair them.
  const isOneNamed = !field.relation || !back[0]?.field.relation;
  const isClear = back.length === 1 && leading(model, field.type).length === 0 && isOneNamed;
  return isClear && model !== field.type ? back[0]?.field : undefined;
}
