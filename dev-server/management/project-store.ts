import type { ManagementDatabase } from '../database/database.js';
import { namespaceOf } from '../database/names.js';
import type { Step } from '../migration/steps.js';

/** A service in one stage, with what was last deployed to it. */
export interface Project {
  /** Also the database schema of its data. */
  readonly id: string;
  readonly name: string;
  readonly stage: string;
  readonly secrets: readonly string[];
  readonly revision: number;
  /** The SDL last deployed; empty before the first deployment. */
  readonly datamodel: string;
}

/** One deployment. Those that fail leave nothing behind, so that every one here succeeded. */
export interface Migration {
  readonly projectId: string;
  readonly revision: number;
  readonly datamodel: string;
  readonly steps: readonly Step[];
  readonly startedAt: Date;
  readonly finishedAt: Date;
}

/** Projects and migrations in the schema `management`. Works in a transaction too. */
export class ProjectStore {
  readonly #db: ManagementDatabase;

  constructor(private readonly root: ManagementDatabase) {
    this.#db = root.withSchema('management');
  }

  /** @param isLocked keeps others from deploying to it until the transaction ends */
  async find(name: string, stage: string, isLocked = false): Promise<Project | undefined> {
    const id = namespaceOf(name, stage);
    const query = this.#db.selectFrom('project').selectAll().where('id', '=', id);
    const row = await (isLocked ? query.forUpdate() : query).executeTakeFirst();
    const last = row && (await this.lastMigration(id));
    if (!row || !last) return undefined;
    const secrets = JSON.parse(row.secrets) as string[];
    return { ...row, secrets, revision: last.revision, datamodel: last.datamodel };
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
      .values({ id, name, stage, secrets: JSON.stringify(secrets) })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirstOrThrow();
    if (made !== 1n) return false;
    await this.root.schema.createSchema(id).execute();
    const first = { projectId: id, revision: 1, datamodel: '', steps: [] };
    await this.record({ ...first, startedAt: now, finishedAt: now }, secrets);
    return true;
  }

  async record(migration: Migration, secrets: readonly string[]): Promise<void> {
    const { projectId, revision, datamodel, steps, startedAt, finishedAt } = migration;
    await this.#db
      .insertInto('migration')
      .values({
        project_id: projectId,
        revision,
        datamodel,
        steps: JSON.stringify(steps),
        started_at: startedAt,
        finished_at: finishedAt,
      })
      .execute();
    await this.#db
      .updateTable('project')
      .set({ secrets: JSON.stringify(secrets) })
      .where('id', '=', projectId)
      .execute();
  }

  /** Newest first. */
  async migrations(projectId: string, limit?: number): Promise<Migration[]> {
    const query = this.#db
      .selectFrom('migration')
      .selectAll()
      .where('project_id', '=', projectId)
      .orderBy('revision', 'desc');
    const rows = await (limit === undefined ? query : query.limit(limit)).execute();
    return rows.map((row) => ({
      projectId: row.project_id,
      revision: row.revision,
      datamodel: row.datamodel,
      steps: JSON.parse(row.steps) as Step[],
      startedAt: row.started_at,
      finishedAt: row.finished_at,
    }));
  }

  async lastMigration(projectId: string): Promise<Migration | undefined> {
    return (await this.migrations(projectId, 1))[0];
  }

  /** Drops the project with all its data. */
  async remove({ id }: Project): Promise<void> {
    await this.#db.deleteFrom('project').where('id', '=', id).execute();
    await this.root.schema.dropSchema(id).cascade().execute();
  }
}
