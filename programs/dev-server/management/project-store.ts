import type { Generation } from '../../../prisma/generation.js';
import { createSchema, inTransaction, namespaceOf } from '../database/database.js';
import type { Database } from '../database/database-kind.js';
import type { Step } from '../migration/plan-migration.js';

/** A service in one stage, with its last deployment. */
export interface Project {
  /** Also the database schema of its data. */
  readonly id: string;
  readonly name: string;
  readonly stage: string;
  readonly secrets: readonly string[];
  readonly last: Migration;
}

/** One deployment. Failed ones leave nothing behind, so every stored one has succeeded. */
export interface Migration {
  readonly revision: number;
  /** The deployed SDL; empty in revision 1, which creates the project. */
  readonly datamodel: string;
  readonly steps: readonly Step[];
  readonly startedAt: Date;
  readonly finishedAt: Date;
}

/** Projects and migrations in the server's own tables. Also works in a transaction. */
export class ProjectStore {
  readonly #db: Database['db'];

  constructor(private readonly database: Database) {
    this.#db = database.db.withSchema(database.home);
  }

  async find(name: string, stage: string): Promise<Project | undefined> {
    const id = namespaceOf(this.database, name, stage);
    const query = this.#db.selectFrom('project').selectAll().where('id', '=', id);
    const row = await query.executeTakeFirst();
    const [last] = row ? await this.migrations(id, 1) : [];
    return row && last && { ...row, secrets: JSON.parse(row.secrets), last };
  }

  list(): Promise<{ name: string; stage: string }[]> {
    const query = this.#db.selectFrom('project').select(['name', 'stage']);
    return query.orderBy('id').execute();
  }

  /** Creates the project, its schema and revision 1. `false` when it exists. */
  async add(name: string, stage: string, secrets: readonly string[], now: Date): Promise<boolean> {
    const { database } = this;
    const id = namespaceOf(database, name, stage);
    const first = { revision: 1, datamodel: '', steps: [], startedAt: now, finishedAt: now };
    return database.kind.exclusively(database, id, async (inside) => {
      if (await new ProjectStore(inside).find(name, stage)) return false;
      // The schema first: without a project it is harmless, and the next attempt uses it.
      await createSchema(inside, id);
      await inTransaction(inside, async (within) => {
        const store = new ProjectStore(within);
        await store.#db.insertInto('project').values({ id, name, stage, secrets: '[]' }).execute();
        await store.record(id, first, secrets);
      });
      return true;
    });
  }

  async record(id: string, migration: Migration, secrets: readonly string[]): Promise<void> {
    const row = { ...migration, steps: JSON.stringify(migration.steps), projectId: id };
    const values = { secrets: JSON.stringify(secrets) };
    await inTransaction(this.database, async ({ db, home }) => {
      await db.withSchema(home).insertInto('migration').values(row).execute();
      await db.withSchema(home).updateTable('project').set(values).where('id', '=', id).execute();
    });
  }

  /** Newest first. */
  async migrations(id: string, limit = 1_000): Promise<Migration[]> {
    const rows = await this.#db
      .selectFrom('migration')
      .select(['revision', 'datamodel', 'steps', 'startedAt', 'finishedAt'])
      .where('projectId', '=', id)
      .orderBy('revision', 'desc')
      .limit(limit)
      .execute();
    return rows.map((row) => ({ ...row, steps: JSON.parse(row.steps) }));
  }

  /** Deletes the project with all its data. */
  remove(id: string): Promise<void> {
    const { database } = this;
    return database.kind.exclusively(database, id, async ({ db, kind, home }) => {
      // The data first: while the project exists, its removal can be repeated.
      await kind.dropSchema(id).execute(db);
      await db.withSchema(home).deleteFrom('project').where('id', '=', id).execute();
    });
  }
}

/** A project's id in answers: servers up to 1.6 know MySQL's separator only. */
export const publicId = (id: string, generation: Generation): string =>
  generation === 'A' ? id.replace('$', '@') : id;
