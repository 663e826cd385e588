import { type RawBuilder, sql } from 'kysely';
import { identifier } from '../../../lib/database-identifier.js';
import { type Log, reasonOf } from '../../log.js';
import { ApiError } from '../api-error.js';
import type { Database, DatabaseKind } from './database-kind.js';

/** Shorter than the time limit of statements. */
const LOCK_SECONDS = 20;

/** Errors to ignore while undoing: no such database, table, column or index. */
const GONE = [1049, 1051, 1091, 1146];

/**
 * MySQL commits a transaction when tables change. So a note on how to undo each change is written
 * before the change. Notes without a recorded revision are executed when the work fails, at the
 * next work on the project, or at the next start.
 */
export function createJournal(log: Log): Pick<DatabaseKind, 'exclusively' | 'alter' | 'recover'> {
  const exclusively: DatabaseKind['exclusively'] = (database, id, work) =>
    database.db.connection().execute(async (db) => {
      const inside = { ...database, db };
      await lock(inside, id);
      try {
        await settle(inside, id);
        return await work(inside);
      } finally {
        await settle(inside, id).catch((error: unknown) => {
          log(`changes of ${id} will be undone later: ${reasonOf(error)}`);
        });
        // A lost connection has lost its locks.
        await sql`do release_lock(${lockName(id)})`.execute(db).catch(() => undefined);
      }
    });
  return {
    exclusively,
    async alter(inside, id, revision, { run, undo }) {
      const note = undo && (await takeNote(inside, id, revision, undo));
      try {
        await run.execute(inside.db);
      } catch (error) {
        // Nothing was changed. Without a connection the note stays, because nobody knows.
        if (note) {
          const forget = sql`delete from ${notes(inside)} where id = ${note}`;
          await forget.execute(inside.db).catch(() => undefined);
        }
        throw error;
      }
    },
    async recover(database) {
      const { kind, db, home } = database;
      const [project, text] = [sql.id('projectId'), kind.columnType('String')];
      await sql`create table if not exists ${notes(database)} (
        id bigint not null auto_increment primary key, ${project} ${kind.columnType('Key')} not null,
        revision int not null, statement ${text} not null,
        foreign key (${project}) references ${sql.id(home, 'project')} (id) on delete cascade)
        ${kind.tableOptions}`.execute(db);
      const { rows } = await sql<{ id: string }>`
        select distinct ${project} as id from ${notes(database)}`.execute(db);
      for (const { id } of rows) await exclusively(database, id, async () => undefined);
    },
  };
}

const notes = ({ home }: Database): RawBuilder<unknown> => sql.id(home, 'undo');
const lockName = (id: string) => identifier(`ck:${id}`);

async function lock({ db }: Database, id: string): Promise<void> {
  const { rows } = await sql<{ isOurs: number | null }>`
    select get_lock(${lockName(id)}, ${sql.lit(LOCK_SECONDS)}) as ${sql.id('isOurs')}`.execute(db);
  if (rows[0]?.isOurs !== 1) throw new ApiError(undefined, `Somebody else is deploying to ${id}.`);
}

async function takeNote(
  inside: Database,
  id: string,
  revision: number,
  undo: RawBuilder<unknown>,
): Promise<bigint | undefined> {
  const statement = undo.compile(inside.db).sql;
  const { insertId } = await sql`
    insert into ${notes(inside)} (${sql.id('projectId')}, revision, statement)
    values (${id}, ${revision}, ${statement})`.execute(inside.db);
  return insertId;
}

/** Undoes changes without a recorded revision, the last first, and deletes the notes. */
async function settle(inside: Database, id: string): Promise<void> {
  const { db, home } = inside;
  const project = sql.id('projectId');
  const { rows } = await sql<{ statement: string }>`
    select statement from ${notes(inside)} where ${project} = ${id} and revision > (
      select coalesce(max(m.revision), 0) from ${sql.id(home, 'migration')} m
      where m.${project} = ${id}) order by id desc`.execute(db);
  for (const { statement } of rows) {
    await sql
      .raw(statement)
      .execute(db)
      .catch((error: { errno?: number }) => {
        if (!GONE.includes(error.errno ?? 0)) throw error;
      });
  }
  await sql`delete from ${notes(inside)} where ${project} = ${id}`.execute(db);
}
