import type { Database } from '../state.js';

/** A database; its password only for those who may see it. */
export function databaseView(database: Database, maySee: boolean) {
  const { address, name, region, engine } = database;
  const isOnline = database.status === 'online' && address !== undefined;
  const connection = (host: string) => ({
    protocol: engine === 'pg' ? 'postgresql' : 'mysql',
    uri: '',
    database: 'defaultdb',
    host,
    port: address?.port ?? 0,
    user: 'doadmin',
    password: maySee ? database.password : '',
    ssl: true,
  });
  return {
    id: database.id,
    name,
    engine,
    version: database.version,
    semantic_version: `${database.version}.0`,
    // The public name leads nowhere here: who is in the private network has another.
    connection: isOnline ? connection(`${name}.${region}.db.example`) : null,
    private_connection: isOnline ? connection(address.host) : null,
    users: null,
    db_names: isOnline ? [...database.dbs] : null,
    num_nodes: database.nodes,
    size: database.size,
    region,
    status: database.status,
    created_at: database.createdAt,
    maintenance_window: null,
    private_network_uuid: database.vpcId,
    tags: [...database.tags],
  };
}
