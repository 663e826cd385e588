import { sql } from 'kysely';
import { linkTable } from '../database/database.js';
import { follow, named, otherSide, type RelationField } from '../datamodel/datamodel.js';
import { linkOf, type Service } from './service.js';

/** One end of a relation; the datamodel may have no field for it. */
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
    where ${sql.id(end.side)} ${service.kind.among(ids)}`.execute(service.db);
  return rows.map(({ id }) => id);
}

/** Links two nodes, unless they are linked already. */
export async function addLink(service: Service, field: RelationField, id: string, otherId: string) {
  const link = { [field.side]: id, [otherSide(field.side)]: otherId };
  await service.kind.insertOnce(service.db.insertInto(linkTable(field.relation)).values(link));
}

/** Removes links between a node and others. */
export async function removeLinks(
  service: Service,
  field: RelationField,
  id: string,
  others: readonly string[],
): Promise<void> {
  const far = sql.id(otherSide(field.side));
  await sql`delete from ${linkOf(service, field)}
    where ${sql.id(field.side)} = ${id} and ${far} ${service.kind.among(others)}`.execute(
    service.db,
  );
}

/** Whether one of `ids` lacks the link that `field` requires. */
export async function lacksLink(
  service: Service,
  field: RelationField,
  ids: readonly string[],
): Promise<boolean> {
  const { relation } = follow(service.datamodel, field);
  const { name } = named(service.datamodel.models, relation[field.side].model);
  const { rows } = await sql`
    select 1 from ${service.table(name)} t where t.id ${service.kind.among(ids)} and not exists (
      select 1 from ${linkOf(service, field)} l where l.${sql.id(field.side)} = t.id)
    limit 1`.execute(service.db);
  return rows.length > 0;
}
