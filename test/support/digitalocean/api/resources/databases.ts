import { z } from 'zod';
import { conflict, notFound, preconditionFailed } from '../api-error.js';
import { DATABASE_OPTIONS } from '../catalog/databases.js';
import { page } from '../page.js';
import { bodyOf } from '../request-body.js';
import { type Call, noContent, type Route, route } from '../route.js';
import type { Database } from '../state.js';
import type { World } from '../world.js';
import { createDatabase, destroyDatabase } from './database-life.js';
import { databaseRequest, rulesRequest } from './database-request.js';
import { refreshDatabases } from './database-rules.js';
import { databaseView } from './database-view.js';

const PATH = '/v2/databases';

const db = z.object({
  name: z.string().regex(/^[A-Za-z_][A-Za-z0-9_-]{0,62}$/, 'name is invalid'),
});

/** Managed databases: PostgreSQL and MySQL, as far as the kit goes. */
export function databaseRoutes(world: World): Route[] {
  const { databases } = world.state;
  const existing = ({ params: { id = '' } }: Call): Database => {
    const database = databases.get(id);
    if (!database || database.isBeingDeleted) throw notFound();
    return database;
  };
  const online = (call: Call): Database => {
    const database = existing(call);
    if (database.status !== 'online') throw preconditionFailed('cluster is not online');
    return database;
  };
  const view = (call: Call) => (database: Database) =>
    databaseView(database, isAllowed(call, 'database:view_credentials'));
  const all = () => [...databases.values()].filter(({ isBeingDeleted }) => !isBeingDeleted);
  return [
    route('GET', `${PATH}/options`, 'database:read', () => ({
      status: 200,
      body: { options: DATABASE_OPTIONS },
    })),
    route('GET', PATH, 'database:read', (call) => page(call, PATH, 'databases', all(), view(call))),
    route('POST', PATH, 'database:create', (call) => {
      const database = createDatabase(world, databaseRequest(world, call));
      return { status: 201, body: { database: view(call)(database) } };
    }),
    route('GET', `${PATH}/:id`, 'database:read', (call) => ({
      status: 200,
      body: { database: view(call)(existing(call)) },
    })),
    route('DELETE', `${PATH}/:id`, 'database:delete', async (call) => {
      await destroyDatabase(world, existing(call));
      return noContent;
    }),
    route('GET', `${PATH}/:id/ca`, 'database:read', async (call) => {
      online(call);
      const { certificate } = await world.authority();
      const encoded = Buffer.from(certificate).toString('base64');
      return { status: 200, body: { ca: { certificate: encoded } } };
    }),
    route('GET', `${PATH}/:id/firewall`, 'database:read', (call) => {
      const { id, rules, createdAt } = existing(call);
      const told = rules.map(({ type, value }, index) => ({
        ...{ uuid: `${id.slice(0, -2)}${10 + index}`, cluster_uuid: id, type, value },
        created_at: createdAt,
      }));
      return { status: 200, body: { rules: told } };
    }),
    route('PUT', `${PATH}/:id/firewall`, 'database:update', (call) => {
      const database = existing(call);
      database.rules = rulesRequest(world, call.body);
      refreshDatabases(world);
      return noContent;
    }),
    route('GET', `${PATH}/:id/dbs`, 'database:read', (call) => {
      const { id, dbs } = online(call);
      return page(call, `${PATH}/${id}/dbs`, 'dbs', [...dbs], (name) => ({ name }));
    }),
    route('POST', `${PATH}/:id/dbs`, 'database:update', async (call) => {
      const { id, dbs } = online(call);
      const { name } = bodyOf(db, call.body);
      if (dbs.has(name)) throw conflict('database name is not available');
      await world.databases.createDb(id, name);
      dbs.add(name);
      return { status: 201, body: { db: { name } } };
    }),
  ];
}

function isAllowed(call: Call, scope: string): boolean {
  try {
    call.need(scope);
    return true;
  } catch {
    return false;
  }
}
