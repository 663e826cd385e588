import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { linkTable } from '../database/names.js';
import { follow, named, otherSide, type RelationField } from '../datamodel/datamodel.js';
import { linkOf, type Service } from './service.js';

/** An end of a relation; the datamodel need not name a field for it. */
export type LinkEnd = Pick<RelationField, 'relation' | 'side'>;

/** The ids of all nodes that are linked to `ids`, which are at the given end. */
export async function linkedIds(
  service: Service,
  end: LinkEnd,
  ids: readonly string[],
): Promise<string[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<{ id: string }>`
    select distinct ${sql.id(otherSide(end.side))} as id from ${linkOf(service, end)}
    where ${sql.id(end.side)} in (${sql.join([...ids])})`.execute(service.db);
  return rows.map(({ id }) => id);
}

/** Links two nodes. A field that leads to itself is linked both ways. */
export async function addLink(service: Service, field: RelationField, id: string, otherId: string) {
  const [near, far] = [field.side, otherSide(field.side)];
  const rows = [{ [near]: id, [far]: otherId }];
  if (follow(service.datamodel, field).back === field) rows.push({ [near]: otherId, [far]: id });
  await service.db
    .insertInto(linkTable(field.relation))
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Takes the links between a node and others away, both ways where they are. */
export async function removeLinks(
  service: Service,
  field: RelationField,
  id: string,
  others: readonly string[],
): Promise<void> {
  if (others.length === 0) return;
  const { back } = follow(service.datamodel, field);
  const [near, far] = [sql.id(field.side), sql.id(otherSide(field.side))];
  const between = (a: RawBuilder<unknown>, b: RawBuilder<unknown>): RawBuilder<SqlBool> =>
    sql`${a} = ${id} and ${b} in (${sql.join([...others])})`;
  const mirrored = back === field ? sql`or (${between(far, near)})` : sql``;
  await sql`delete from ${linkOf(service, field)} where (${between(near, far)}) ${mirrored}`.execute(
    service.db,
  );
}

/** Whether one of `ids` lacks the link that `field` must have. */
export async function lacksLink(
  service: Service,
  field: RelationField,
  ids: readonly string[],
): Promise<boolean> {
  const { relation } = follow(service.datamodel, field);
  const { name } = named(service.datamodel.models, relation[field.side].model);
  const { rows } = await sql`
    select 1 from ${service.table(name)} t where t.id in (${sql.join([...ids])}) and not exists (
      select 1 from ${linkOf(service, field)} l where l.${sql.id(field.side)} = t.id)
    limit 1`.execute(service.db);
  return rows.length > 0;
}
