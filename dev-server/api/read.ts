import DataLoader from 'dataloader';
import { type RawBuilder, sql } from 'kysely';
import { ApiError } from '../api-error.js';
import {
  endsOf,
  isColumn,
  type Model,
  named,
  otherSide,
  type RelationField,
} from '../datamodel/datamodel.js';
import { linkOf, type Node, type Service } from './service.js';
import { conditionOf, type Where } from './where.js';

/** The arguments of every list. Cursors are ids. */
export interface ListArgs {
  readonly where?: Where | null;
  readonly orderBy?: string | null;
  readonly skip?: number | null;
  readonly after?: string | null;
  readonly before?: string | null;
  readonly first?: number | null;
  readonly last?: number | null;
}

/** A list is told apart by the node that it hangs from, if any. */
interface Parents {
  readonly field: RelationField;
  readonly ids: readonly string[];
}

/** A row of a list: its place among all that match, from 1, and how many these are. */
export interface Placed {
  readonly node: Node;
  readonly parent: string | null;
  readonly place: number;
  readonly total: number;
}

/** The nodes of `model` that `args` ask for; with `parents`, for each of them at once. */
export async function listNodes(
  service: Service,
  model: Model,
  args: ListArgs,
  parents?: Parents,
): Promise<Placed[]> {
  checkPaging(args);
  const [, key = 'id', direction = 'ASC'] = /^(.*)_(ASC|DESC)$/.exec(args.orderBy ?? '') ?? [];
  const way = sql.raw(direction);
  const parent = parents ? sql.ref(`l.${parents.field.side}`) : sql`cast(null as char(1))`;
  const link = parents
    ? sql`join ${linkOf(service, parents.field)} l on ${sql.ref(`l.${otherSide(parents.field.side)}`)} = t.id`
    : sql``;
  const scope = parents ? sql`${parent} in (${sql.join([...parents.ids])})` : sql`true`;
  const { rows } = await sql<Node & { _parent: string | null; _place: string; _total: string }>`
    with r as (
      select t.*, ${parent} as _parent,
        row_number() over (partition by ${parent} order by ${sql.ref(`t.${key}`)} ${way}, t.id ${way}) as _place,
        count(*) over (partition by ${parent}) as _total
      from ${service.table(model.name)} t ${link}
      where ${scope} and ${conditionOf(service, model, args.where)})
    select r.* from r
    where ${window(args)}
    order by r._place`.execute(service.db);
  return rows.map(({ _parent, _place, _total, ...node }) => ({
    node: complete(model, node as Node),
    parent: _parent,
    place: Number(_place),
    total: Number(_total),
  }));
}

function checkPaging({ first, last, skip }: ListArgs): void {
  if (first != null && last != null) {
    throw new ApiError(3014, 'Including a value for both first and last is not supported.');
  }
  for (const [code, name, value] of [
    [3026, 'first', first],
    [3027, 'last', last],
    [3028, 'skip', skip],
  ] as const) {
    if (value != null && value < 0) {
      throw new ApiError(code, `The '${name}' argument must be non negative`);
    }
  }
}

/** Which places are asked for: beyond cursors, then `skip`, then as many as `first` or `last`. */
function window({ skip, after, before, first, last }: ListArgs): RawBuilder<unknown> {
  const placeOf = (id: string, otherwise: RawBuilder<unknown>) =>
    sql`coalesce((select c._place from r c where c.id = ${id}
      and c._parent is not distinct from r._parent), ${otherwise})`;
  const low = after == null ? sql`0` : placeOf(after, sql`0`);
  const high = before == null ? sql`r._total + 1` : placeOf(before, sql`r._total + 1`);
  const [lead, trail] = last == null ? [skip ?? 0, 0] : [0, skip ?? 0];
  const bounds = [
    sql`r._place > ${low} + ${sql.lit(lead)}`,
    sql`r._place < ${high} - ${sql.lit(trail)}`,
  ];
  if (first != null) bounds.push(sql`r._place <= ${low} + ${sql.lit(lead + first)}`);
  if (last != null) bounds.push(sql`r._place >= ${high} - ${sql.lit(trail + last)}`);
  return sql.join(bounds, sql` and `);
}

/** Lists are never null, and a node knows its type. */
function complete(model: Model, node: Node): Node {
  const lists = model.fields.filter((field) => isColumn(field) && field.isList);
  const filled = lists.map(({ name }) => [name, node[name] ?? []]);
  return { ...node, ...Object.fromEntries(filled), __typename: model.name };
}

export async function countNodes(service: Service, model: Model, where?: Where | null) {
  const { rows } = await sql<{ count: string }>`
    select count(*) as count from ${service.table(model.name)} t
    where ${conditionOf(service, model, where)}`.execute(service.db);
  return Number(rows[0]?.count ?? 0);
}

/** The node that `where`, with exactly one unique field, tells. @throws ApiError 3040 */
export async function findNode(
  service: Service,
  model: Model,
  where: Where,
): Promise<Node | undefined> {
  uniqueOf(model, where);
  return (await listNodes(service, model, { where }))[0]?.node;
}

/** Like {@link findNode}. @throws ApiError 3039 when there is none */
export async function requireNode(service: Service, model: Model, where: Where): Promise<Node> {
  const node = await findNode(service, model, where);
  if (node !== undefined) return node;
  const [name, value] = uniqueOf(model, where);
  const told = value instanceof Date ? value.toISOString() : String(value);
  throw new ApiError(
    3039,
    `No Node for the model ${model.name} with value ${told} for ${name} found.`,
  );
}

function uniqueOf(model: Model, where: Where): [string, unknown] {
  const [first, ...more] = Object.entries(where).filter(([, value]) => value != null);
  if (first !== undefined && more.length === 0) return first;
  throw new ApiError(
    3040,
    `You provided an invalid argument for the where selector on ${model.name}. Please provide exactly one unique field and value.`,
  );
}

/** Loads what hangs from nodes, one query for all nodes that ask for the same in one go. */
export class RelatedNodes {
  readonly #loaders = new Map<string, DataLoader<string, Node[]>>();

  constructor(private readonly service: Service) {}

  load(field: RelationField, args: ListArgs, id: string): Promise<Node[]> {
    const key = JSON.stringify([field.relation, field.side, args]);
    const loader =
      this.#loaders.get(key) ??
      new DataLoader((ids: readonly string[]) => this.#loadAll(field, args, ids));
    this.#loaders.set(key, loader);
    return loader.load(id);
  }

  /** After a mutation everything may be different. */
  forget(): void {
    this.#loaders.clear();
  }

  async #loadAll(field: RelationField, args: ListArgs, ids: readonly string[]) {
    const { target } = endsOf(this.service.datamodel, field);
    const byParent = new Map<string, Node[]>(ids.map((id) => [id, []]));
    const placed = await listNodes(this.service, target, args, { field, ids });
    for (const { parent, node } of placed) byParent.get(parent ?? '')?.push(node);
    return ids.map((id) => byParent.get(id) ?? []);
  }
}

/** The node with this id, of whatever type. */
export async function findAnyNode(service: Service, id: string): Promise<Node | undefined> {
  for (const name of service.datamodel.models.keys()) {
    const model = named(service.datamodel.models, name);
    const node = await findNode(service, model, { id });
    if (node !== undefined) return node;
  }
  return undefined;
}
