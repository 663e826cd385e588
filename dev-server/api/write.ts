import { sql } from 'kysely';
import { ApiError } from '../api-error.js';
import {
  type Datamodel,
  endsOf,
  isColumn,
  isRelation,
  isSystem,
  type Model,
  named,
  otherSide,
  type RelationField,
} from '../datamodel/datamodel.js';
import { newId } from './new-id.js';
import { findNode, listNodes, requireNode } from './read.js';
import { linkOf, type Service } from './service.js';
import type { Where } from './where.js';

/** A `…CreateInput` or `…UpdateInput` as it arrives. */
export type Data = { readonly [field: string]: unknown };

const asList = <T>(value: unknown): T[] =>
  value === undefined || value === null ? [] : ([] as T[]).concat(value as T | T[]);

/** The writes of one mutation, in one transaction. {@link Writer.finish} must come last. */
export class Writer {
  /** Nodes that may have lost a required link, by type. */
  readonly #suspects = new Map<string, Set<string>>();

  constructor(private readonly service: Service) {}

  async create(model: Model, data: Data): Promise<string> {
    const now = this.service.now();
    const id = newId(now);
    const columns = { ...defaultsOf(model), ...columnsOf(model, data) };
    const row = { ...columns, id, createdAt: now, updatedAt: now };
    await this.#unique(() => this.service.db.insertInto(model.name).values(row).execute());
    this.#suspect(model, [id]);
    await this.#writeRelations(model, id, data);
    return id;
  }

  async update(model: Model, id: string, data: Data): Promise<void> {
    await this.#set(model, [id], data);
    await this.#writeRelations(model, id, data);
  }

  async updateMany(model: Model, where: Where | null | undefined, data: Data): Promise<number> {
    const ids = await this.#idsOf(model, where);
    await this.#set(model, ids, data);
    return ids.length;
  }

  async deleteMany(model: Model, where: Where | null | undefined): Promise<number> {
    const ids = await this.#idsOf(model, where);
    await this.delete(model, ids);
    return ids.length;
  }

  /** Links go with their nodes; nodes behind cascading relations go too. */
  async delete(model: Model, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const { datamodel, db, table } = this.service;
    const behind: [Model, string[]][] = [];
    for (const { field, target, cascades } of waysOut(datamodel, model)) {
      const linked = await this.#linked(field, ids);
      if (cascades) behind.push([target, linked]);
      this.#suspect(target, linked);
    }
    await sql`delete from ${table(model.name)} where id in (${sql.join([...ids])})`.execute(db);
    for (const [target, linked] of behind) await this.delete(target, linked);
  }

  /** @throws ApiError 3042 when a node is left without a link that it must have */
  async finish(): Promise<void> {
    const { datamodel, db, table } = this.service;
    for (const [name, ids] of this.#suspects) {
      const model = named(datamodel.models, name);
      for (const field of model.fields.filter(isRelation).filter(({ isRequired }) => isRequired)) {
        const { rows } = await sql`select 1 from ${table(name)} t
          where t.id in (${sql.join([...ids])}) and not exists (
            select 1 from ${linkOf(this.service, field)} l where ${sql.ref(`l.${field.side}`)} = t.id)
          limit 1`.execute(db);
        if (rows.length === 0) continue;
        const { relation } = endsOf(datamodel, field);
        throw new ApiError(
          3042,
          `The change you are trying to make would violate the required relation '${relation.name}' between ${relation.A.model} and ${relation.B.model}`,
        );
      }
    }
  }

  async #set(model: Model, ids: readonly string[], data: Data): Promise<void> {
    if (ids.length === 0) return;
    const columns = { ...columnsOf(model, data), updatedAt: this.service.now() };
    const query = this.service.db.updateTable(model.name).set(columns).where('id', 'in', ids);
    await this.#unique(() => query.execute());
  }

  async #writeRelations(model: Model, id: string, data: Data): Promise<void> {
    for (const field of model.fields.filter(isRelation)) {
      const operations = data[field.name];
      if (operations) await this.#writeRelation(field, id, operations as Data);
    }
  }

  async #writeRelation(field: RelationField, id: string, operations: Data): Promise<void> {
    const { target } = endsOf(this.service.datamodel, field);
    const { create, connect, set, disconnect, update, upsert } = operations;
    const find = async (where: Where) => (await requireNode(this.service, target, where)).id;
    if (set) await this.#unlink(field, id, await this.#linked(field, [id]));
    for (const data of asList<Data>(create))
      await this.#link(field, id, await this.create(target, data));
    for (const where of [...asList<Where>(connect), ...asList<Where>(set)]) {
      await this.#link(field, id, await find(where));
    }
    for (const where of wheres(disconnect)) {
      await this.#unlink(field, id, [await this.#linkedNode(field, id, where)]);
    }
    for (const where of wheres(operations.delete)) {
      await this.delete(target, [await this.#linkedNode(field, id, where)]);
    }
    for (const item of asList<Data>(update)) {
      const linked = await this.#linkedNode(field, id, field.isList ? (item.where as Where) : {});
      await this.update(target, linked, field.isList ? (item.data as Data) : item);
    }
    for (const item of asList<{ where?: Where; update: Data; create: Data }>(upsert)) {
      const linked = await this.#findLinked(field, id, item.where ?? {});
      if (linked !== undefined) await this.update(target, linked, item.update);
      else await this.#link(field, id, await this.create(target, item.create));
    }
  }

  /** Where one end allows one link only, the link there gives way. */
  async #link(field: RelationField, id: string, otherId: string): Promise<void> {
    const { back, target } = endsOf(this.service.datamodel, field);
    if (!field.isList) await this.#unlink(field, id, await this.#linked(field, [id]));
    if (back && !back.isList) {
      for (const old of await this.#linked(back, [otherId]))
        await this.#unlink(field, old, [otherId]);
    }
    const rows = [{ [field.side]: id, [otherSide(field.side)]: otherId }];
    if (back === field) rows.push({ [field.side]: otherId, [otherSide(field.side)]: id });
    void target;
    await this.service.db
      .insertInto(`_${field.relation}`)
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  async #unlink(field: RelationField, id: string, others: readonly string[]): Promise<void> {
    if (others.length === 0) return;
    const { back, target, relation } = endsOf(this.service.datamodel, field);
    const [near, far] = [sql.id(field.side), sql.id(otherSide(field.side))];
    const list = sql.join([...others]);
    const mirrored = back === field ? sql`or (${far} = ${id} and ${near} in (${list}))` : sql``;
    await sql`delete from ${linkOf(this.service, field)}
      where (${near} = ${id} and ${far} in (${list})) ${mirrored}`.execute(this.service.db);
    this.#suspect(target, others);
    this.#suspect(named(this.service.datamodel.models, relation[field.side].model), [id]);
  }

  /** The ids of all nodes that `field` leads to from `ids`. */
  async #linked(field: Pick<RelationField, 'relation' | 'side'>, ids: readonly string[]) {
    const { rows } = await sql<{ id: string }>`
      select distinct ${sql.id(otherSide(field.side))} as id
      from ${linkOf(this.service, field as RelationField)}
      where ${sql.id(field.side)} in (${sql.join([...ids])})`.execute(this.service.db);
    return rows.map((row) => row.id);
  }

  async #findLinked(field: RelationField, id: string, where: Where): Promise<string | undefined> {
    const { target } = endsOf(this.service.datamodel, field);
    const linked = await listNodes(this.service, target, { where }, { field, ids: [id] });
    return linked[0]?.node.id;
  }

  async #linkedNode(field: RelationField, id: string, where: Where): Promise<string> {
    const linked = await this.#findLinked(field, id, where);
    if (linked !== undefined) return linked;
    const { relation, target } = endsOf(this.service.datamodel, field);
    const from = relation[field.side].model;
    throw new ApiError(
      3041,
      `The relation ${relation.name} has no node for the model ${from} connected to a Node for the model ${target.name} on your mutation path.`,
    );
  }

  async #idsOf(model: Model, where: Where | null | undefined): Promise<string[]> {
    const placed = await listNodes(this.service, model, where ? { where } : {});
    return placed.map(({ node }) => node.id);
  }

  #suspect(model: Model, ids: readonly string[]): void {
    const known = this.#suspects.get(model.name) ?? new Set();
    for (const id of ids) known.add(id);
    if (known.size > 0) this.#suspects.set(model.name, known);
  }

  async #unique(write: () => Promise<unknown>): Promise<void> {
    try {
      await write();
    } catch (error) {
      const violation = this.service.dialect.uniqueViolation(error);
      if (violation === undefined) throw error;
      const { table, column } = violation;
      throw new ApiError(
        3010,
        `A unique constraint would be violated on ${table}. Details: Field name = ${column}`,
      );
    }
  }
}

/** `disconnect` and `delete` take `true` behind a single link, and a list of nodes behind many. */
const wheres = (value: unknown): Where[] =>
  value === true ? [{}] : value === false ? [] : asList<Where>(value);

/** Every relation that has `model` at an end, also where the datamodel names no field for it. */
function waysOut(datamodel: Datamodel, model: Model) {
  return [...datamodel.relations.values()].flatMap((relation) =>
    (['A', 'B'] as const)
      .filter((side) => relation[side].model === model.name)
      .map((side) => ({
        field: { relation: relation.name, side },
        target: named(datamodel.models, relation[otherSide(side)].model),
        cascades: relation[side].field?.cascades === true,
      })),
  );
}

function defaultsOf(model: Model): Data {
  const fields = model.fields.filter(isColumn);
  return Object.fromEntries(fields.map(({ name, defaultValue }) => [name, defaultValue ?? null]));
}

/** Lists and Json travel as text; a column that is not mentioned stays as it is. */
function columnsOf(model: Model, data: Data): Data {
  const entries = model.fields
    .filter((field) => isColumn(field) && !isSystem(field) && data[field.name] !== undefined)
    .map(({ name, type, isList, isRequired }) => {
      const given = data[name];
      if (given === null && isRequired && !isList) {
        throw new ApiError(3020, `The required field ${name} of ${model.name} cannot be null.`);
      }
      const value = isList ? ((given as Data | null)?.set ?? []) : given;
      return [name, isList || (type === 'Json' && given !== null) ? JSON.stringify(value) : value];
    });
  return Object.fromEntries(entries);
}

void findNode;
