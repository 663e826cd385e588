import { randomBytes } from 'node:crypto';
import type { Database } from '../state.js';
import { timestamp, type World } from '../world.js';
import type { DatabaseRequest } from './database-request.js';
import { refreshDatabases, sourcesOf } from './database-rules.js';
import { assignToDefaultProject, forgetResource } from './project-resources.js';
import { rememberTags } from './tag-names.js';

/** Puts a database on the account and has the runtime make it; `creating` until it is there. */
export function createDatabase(world: World, request: DatabaseRequest): Database {
  const id = world.ids.uuid();
  const database: Database = {
    ...request,
    id,
    createdAt: timestamp(world),
    password: `AVNS_${randomBytes(14).toString('base64url')}`,
    dbs: new Set(['defaultdb']),
    status: 'creating',
    address: undefined,
    inForce: undefined,
    isBeingDeleted: false,
  };
  world.state.databases.set(id, database);
  rememberTags(world, request.tags);
  assignToDefaultProject(world, `do:dbaas:${id}`);
  const work = async () => {
    if (database.isBeingDeleted) return;
    const sources = sourcesOf(world, database);
    database.inForce = JSON.stringify(sources ?? 'everybody');
    const { engine, password } = database;
    const issue = async (names: readonly string[]) => (await world.authority()).issue(names);
    const spec = { id, engine, password, sources, issue };
    database.address = await world.databases.create(spec);
  };
  const finish = (error: Error | undefined) => {
    if (error) world.runtimeErrors.push(error);
    else database.status = 'online';
    refreshDatabases(world);
  };
  const dueAt = world.now() + world.delays.databaseCreate;
  world.schedule.begin({ dueAt, work, finish }, `database:${id}`);
  return database;
}

/** Takes a database off the account, with its data. */
export async function destroyDatabase(world: World, database: Database): Promise<void> {
  database.isBeingDeleted = true;
  await new Promise<void>((resolve) => {
    const work = async () => {
      await world.databases.destroy(database.id).catch((error: unknown) => {
        world.runtimeErrors.push(error instanceof Error ? error : new Error(String(error)));
      });
      world.state.databases.delete(database.id);
      forgetResource(world, `do:dbaas:${database.id}`);
      resolve();
    };
    world.schedule.begin({ dueAt: world.now(), work, finish: () => {} }, `database:${database.id}`);
  });
}
