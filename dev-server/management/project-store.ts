import { type Database, namespaceOf } from '../database/database.js';
import type { Step } from '../migration/plan-migration.js';

/** A service in one stage, with what was last deployed to it. */
export interface Project {
  /** Also the database schema of its data. */
  readonly id: string;
  readonly name: string;
  readonly stage: string;
  readonly secrets: readonly string[];
  readonly last: Migration;
}

/** One deployment. Those that fail leave nothing behind, so that every one here succeeded. */
export interface Migration {
  readonly revision: number;
  /** The SDL deployed; empty in revision 1, which is the making of the project. */
  readonly datamodel: string;
  readonly steps: readonly Step[];
  readonly startedAt: Date;
  readonly finishedAt: Date;
}

/** Projects and migrations in the schema `management`. Works in a transaction too. */
export class ProjectStore {
  readonly #db: Database;

  constructor(private readonly root: Database) {
    this.#db = root.withSchema('management');
  }

  /** @param isLocked keeps others from deploying to it until the transaction ends */
  async find(name: string, stage: string, isLocked = false): Promise<Project | undefined> {
    const id = namespaceOf(name, stage);
    const query = this.#db.selectFrom('project').selectAll().where('id', '=', id);
    const row = await (isLocked ? query.forUpdate() : query).executeTakeFirst();
    const [last] = row ? await this.migrations(id, 1) : [];
    return row && last && { ...row, last };
  }

  list(): Promise<{ name: string; stage: string }[]> {
    const query = this.#db.selectFrom('project').select(['name', 'stage']);
    return query.orderBy('id').execute();
  }

  /** Makes the project, its schema and revision 1. `false` when there is one already. */
  async add(name: string, stage: string, secrets: readonly string[], now: Date): Promise<boolean> {
    const id = namespaceOf(name, stage);
    const { numInsertedOrUpdatedRows: made } = await this.#db
      .insertInto('project')
      .values({ id, name, stage, secrets: '[]' })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirstOrThrow();
    if (made !== 1n) return false;
    await this.root.schema.createSchema(id).execute();
    const first = { revision: 1, datamodel: '', steps: [], startedAt: now, finishedAt: now };
    await this.record(id, first, secrets);
    return true;
  }

  async record(id: string, migration: Migration, secrets: readonly string[]): Promise<void> {
    const steps = JSON.stringify(migration.steps);
    const row = { ...migration, steps, projectId: id };
    await this.#db.insertInto('migration').values(row).execute();
    const values = { secrets: JSON.stringify(secrets) };
    await this.#db.updateTable('project').set(values).where('id', '=', id).execute();
  }

  /** Newest first. */
  migrations(id: string, limit = 1_000): Promise<Migration[]> {
    return this.#db
      .selectFrom('migration')
      .select(['revision', 'datamodel', 'steps', 'startedAt', 'finishedAt'])
      .where('projectId', '=', id)
      .orderBy('revision', 'desc')
      .limit(limit)
      .execute();
  }

  /** Drops the project with all its data. */
  async remove(id: string): Promise<void> {
    await this.#db.deleteFrom('project').where('id', '=', id).execute();
    await this.root.schema.dropSchema(id).cascade().execute();
  }
}
