import type { Generation } from '../../lib/generation.js';
import type { Secret } from '../../lib/secret.js';

/** Where the data lives. */
export interface DatabaseSettings {
  readonly connector: 'postgres';
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: Secret;
  readonly database: string;
  /** Upper limit of open connections. */
  readonly connectionLimit: number;
  /** TLS to the database, with its certificate checked. */
  readonly ssl: boolean;
}

/** Everything the server is told at its start. */
export interface ServerSettings {
  /** 0 takes any free port. */
  readonly port: number;
  /** Which generation of servers to behave like. */
  readonly generation: Generation;
  /** HS256 secret of cluster tokens; wins over `publicKey`. */
  readonly managementApiSecret: Secret | undefined;
  /** SPKI PEM that RS256 cluster tokens are checked against. */
  readonly publicKey: string | undefined;
  readonly database: DatabaseSettings;
}
