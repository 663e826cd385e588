import type { Secret } from '../../lib/secret.js';

/** The kinds of database that the kit supports. */
export type Connector = 'postgres' | 'mysql';

/** The address of a database in a cluster's network: the database itself, or the relay to it. */
export interface DatabaseAddress {
  readonly connector: Connector;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: Secret;
  /** Name of the database with the server's own tables. @default - the reader's own default */
  readonly database?: string;
}

/** A complete login to an external database. */
export interface DatabaseLogin extends DatabaseAddress {
  /** Name of the database with the server's own tables. */
  readonly database: string;
  /** `verify-full`: TLS that checks the certificate and its name. */
  readonly ssl: 'verify-full' | 'disable';
  /** Authority of the certificate (PEM). @default - the well-known ones */
  readonly ca?: string;
  /**
   * Port on this machine's loopback that leads to host and port.
   * @default - this machine reaches them
   */
  readonly via?: number;
}
