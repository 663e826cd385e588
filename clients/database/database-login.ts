import type { Secret } from '../../lib/secret.js';

/** The kinds of database that a cluster can have. */
export type Connector = 'postgres' | 'mysql';

/** A database as containers of a cluster reach it: itself, or the relay to it. */
export interface DatabaseAddress {
  readonly connector: Connector;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: Secret;
  /** Of the server's own tables. @default - what the reader takes for a database of the cluster */
  readonly database?: string;
}

/** How a server logs in to a database of one's own, all of it known. */
export interface DatabaseLogin extends DatabaseAddress {
  /** Database of the server's own tables. */
  readonly database: string;
  /** `verify-full`: TLS, with the certificate and its name checked. */
  readonly ssl: 'verify-full' | 'disable';
  /** Authority of the certificate (PEM). @default - the well-known ones */
  readonly ca?: string;
  /** Port on this machine's loopback that leads to host and port. @default - they are reached from here */
  readonly via?: number;
}
