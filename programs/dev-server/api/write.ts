import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { identifier } from '../../../lib/database-identifier.js';
import { ApiError } from '../api-error.js';
import { indexName } from '../database/database.js';
import {
  columnsOf,
  type Datamodel,
  follow,
  idOf,
  type Model,
  named,
  otherSide,
  type RelationField,
  relationsOf,
} from '../datamodel/datamodel.js';
import { addLink, lacksLink, linkedIds, removeLinks } from './links.js';
import { newId } from './new-id.js';
import { listRelated, requireNode } from './read.js';
import type { Service } from './service.js';
import { type Data, defaultsOf, valuesOf } from './values.js';
import type { Where } from './where.js';

const listOf = <T>(value: unknown): T[] =>
  value === undefined || value === null ? [] : ([] as T[]).concat(value as T | T[]);

/** The writes of one mutation, in one transaction. {@link Writer.finish} must come last. */
export class Writer {
  /** Nodes that may lack a required link, by type. */
  readonly #suspects = new Map<string, Set<string>>();

  constructor(private readonly service: Service) {}

  async create(model: Model, data: Data): Promise<string> {
    const now = this.service.now();
    const id = idOf(model).type === 'UUID' ? randomUUID() : newId(now);
    const values = { ...defaultsOf(model), ...valuesOf(model, data) };
    const row = { ...values, id, createdAt: now, updatedAt: now };
    await this.#watch(
      model,
      this.service.db.insertInto(identifier(model.name)).values(row).execute(),
    );
    this.#suspect(model.name, [id]);
    await this.#writeRelations(model, id, data);
    return id;
  }

  async update(model: Model, id: string, data: Data): Promise<void> {
    const values = { ...valuesOf(model, data), updatedAt: this.service.now() };
    const query = this.service.db
      .updateTable(identifier(model.name))
      .set(values)
      .where('id', '=', id);
    await this.#watch(model, query.execute());
    await this.#writeRelations(model, id, data);
  }

  /** Deletes links with their nodes, and the nodes behind cascading relations. */
  async delete(model: Model, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const cascading: [Model, string[]][] = [];
    for (const { end, target, cascades } of endsOf(this.service.datamodel, model)) {
      const linked = await linkedIds(this.service, end, ids);
      if (cascades) cascading.push([target, linked]);
      this.#suspect(target.name, linked);
    }
    const { db, kind, table } = this.service;
    await sql`delete from ${table(model.name)} where id ${kind.among(ids)}`.execute(db);
    for (const [target, linked] of cascading) await this.delete(target, linked);
  }

  /** @throws ApiError 3042 when a node lacks a required link */
  async finish(): Promise<void> {
    const { models } = this.service.datamodel;
    for (const [name, ids] of this.#suspects) {
      for (const field of relationsOf(named(models, name)).filter((one) => one.isRequired)) {
        if (!(await lacksLink(this.service, field, [...ids]))) continue;
        const { relation } = follow(this.service.datamodel, field);
        const ends = `'${relation.name}' between ${relation.A.model} and ${relation.B.model}`;
        throw new ApiError(
          3042,
          `The change you are trying to make would violate the required relation ${ends}`,
        );
      }
    }
  }

  async #writeRelations(model: Model, id: string, data: Data): Promise<void> {
    for (const field of relationsOf(model)) {
      const operations = data[field.name];
      if (operations) await this.#writeRelation(field, id, operations as Data);
    }
  }

  async #writeRelation(field: RelationField, id: string, operations: Data): Promise<void> {
    const { target } = follow(this.service.datamodel, field);
    for (const data of listOf<Data>(operations.create)) {
      await this.#link(field, id, await this.create(target, data));
    }
    for (const where of listOf<Where>(operations.connect)) {
      await this.#link(field, id, (await requireNode(this.service, target, where)).id);
    }
    // `true` when one node is linked, a list when there are many.
    for (const where of listOf<Where | boolean>(operations.disconnect)) {
      if (where === false) continue;
      const condition = where === true ? {} : where;
      await this.#unlink(field, id, [await this.#requireLinked(field, id, condition)]);
    }
  }

  /** At an end with a single node, the existing link is replaced. */
  async #link(field: RelationField, id: string, otherId: string): Promise<void> {
    const { back } = follow(this.service.datamodel, field);
    if (!field.isList) await this.#unlink(field, id, await linkedIds(this.service, field, [id]));
    if (back && !back.isList) {
      const rivals = await linkedIds(this.service, back, [otherId]);
      for (const rival of rivals) await this.#unlink(field, rival, [otherId]);
    }
    await addLink(this.service, field, id, otherId);
  }

  async #unlink(field: RelationField, id: string, others: readonly string[]): Promise<void> {
    await removeLinks(this.service, field, id, others);
    const { target, relation } = follow(this.service.datamodel, field);
    this.#suspect(target.name, others);
    this.#suspect(relation[field.side].model, [id]);
  }

  async #requireLinked(field: RelationField, id: string, where: Where): Promise<string> {
    const { relation, target } = follow(this.service.datamodel, field);
    const [linked] = (await listRelated(this.service, field, { where }, [id])).get(id) ?? [];
    if (linked) return linked.id;
    const from = `The relation ${relation.name} has no node for the model ${relation[field.side].model}`;
    const to = `connected to a Node for the model ${target.name} on your mutation path.`;
    throw new ApiError(3041, `${from} ${to}`);
  }

  #suspect(model: string, ids: readonly string[]): void {
    if (ids.length === 0) return;
    this.#suspects.set(model, new Set([...(this.#suspects.get(model) ?? []), ...ids]));
  }

  /** @throws ApiError 3010 when a unique value already exists */
  async #watch(model: Model, write: Promise<unknown>): Promise<void> {
    await write.catch((error: unknown) => {
      const index = this.service.kind.offendedIndex(error);
      if (index === undefined) throw error;
      const field = columnsOf(model).find(({ name }) => indexName(model.name, name) === index);
      const details = `Details: Field name = ${field?.name ?? idOf(model).name}`;
      throw new ApiError(
        3010,
        `A unique constraint would be violated on ${model.name}. ${details}`,
      );
    });
  }
}

/** Every end of a relation at `model`. */
const endsOf = ({ relations, models }: Datamodel, model: Model) =>
  [...relations.values()].flatMap((relation) =>
    (['A', 'B'] as const)
      .filter((side) => relation[side].model === model.name)
      .map((side) => ({
        end: { relation: relation.name, side },
        target: named(models, relation[otherSide(side)].model),
        cascades: relation[side].field?.cascades === true,
      })),
  );
