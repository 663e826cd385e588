import { type RawBuilder, sql } from 'kysely';
import { ApiError } from '../api-error.js';
import { among } from '../database/postgres.js';
import { type Model, otherSide, type RelationField } from '../datamodel/datamodel.js';
import { linkOf, type Node, type Service } from './service.js';
import { conditionOf, type Where } from './where.js';

/** The arguments of every list. Cursors are ids. */
export interface ListArgs {
  readonly where?: Where | null;
  readonly orderBy?: string | null;
  readonly skip?: number | null;
  readonly after?: string | null;
  readonly first?: number | null;
}

/** A row of a list: its place among all that match, from 1, and how many these are. */
export interface Placed {
  readonly node: Node;
  /** The node that the list hangs from, where it does. */
  readonly parent: string;
  readonly place: number;
  readonly total: number;
}

interface Row extends Node {
  readonly _parent: string;
  readonly _place: string;
  readonly _total: string;
}

/** The nodes of `model` that `args` ask for; with `parents`, for each of these nodes at once. */
export async function listNodes(
  service: Service,
  model: Model,
  args: ListArgs,
  parents?: { readonly field: RelationField; readonly ids: readonly string[] },
): Promise<Placed[]> {
  checkPaging(args);
  const [, key = 'id', direction = 'ASC'] = /^(.*)_(ASC|DESC)$/.exec(args.orderBy ?? '') ?? [];
  const way = sql.raw(direction);
  const { parent, join, scope } = hangingFrom(service, parents);
  const { rows } = await sql<Row>`
    with r as (
      select t0.*, ${parent} as _parent, count(*) over (partition by ${parent}) as _total,
        row_number() over (
          partition by ${parent} order by t0.${sql.id(key)} ${way}, t0.id ${way}) as _place
      from ${service.table(model.name)} t0 ${join}
      where ${scope} and ${conditionOf(service, model, args.where)})
    select r.* from r where ${pageOf(args)} order by r._place`.execute(service.db);
  return rows.map(({ _parent, _place, _total, ...node }) => ({
    node: { ...node, __typename: model.name } as Node,
    parent: _parent,
    place: Number(_place),
    total: Number(_total),
  }));
}

function hangingFrom(service: Service, parents: Parameters<typeof listNodes>[3]) {
  if (parents === undefined) return { parent: sql`''`, join: sql``, scope: sql`true` };
  const { field, ids } = parents;
  const parent = sql`l.${sql.id(field.side)}`;
  const other = sql.id(otherSide(field.side));
  return {
    parent,
    join: sql`join ${linkOf(service, field)} l on l.${other} = t0.id`,
    scope: sql`${parent} ${among(ids)}`,
  };
}

function checkPaging({ first, skip }: ListArgs): void {
  const bad = (first ?? 0) < 0 ? 'first' : (skip ?? 0) < 0 ? 'skip' : undefined;
  if (bad === undefined) return;
  throw new ApiError(bad === 'first' ? 3026 : 3028, `The '${bad}' argument must be non negative`);
}

/** Which places are asked for: behind the cursor, after `skip`, as many as `first`. */
function pageOf({ skip, after, first }: ListArgs): RawBuilder<unknown> {
  const cursor = sql`(select c._place from r c where c.id = ${after} and c._parent = r._parent)`;
  const low = sql`${after == null ? sql`0` : sql`coalesce(${cursor}, 0)`} + ${sql.lit(skip ?? 0)}`;
  const end = first == null ? sql`` : sql` and r._place <= ${low} + ${sql.lit(first)}`;
  return sql`r._place > ${low}${end}`;
}

/** How many nodes match, whatever page is asked for. */
export async function countNodes(service: Service, model: Model, where?: Where | null) {
  const { rows } = await sql<{ count: string }>`
    select count(*) as count from ${service.table(model.name)} t0
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
