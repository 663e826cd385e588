import type { Connector } from './databases.js';
import type { Secret } from './secret.js';

/** How a server logs in to a database of one's own, all of it known. */
export interface DatabaseLogin {
  readonly connector: Connector;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: Secret;
  /** Database of the server's own tables. */
  readonly database: string;
  /** `verify-full`: TLS, with the certificate and its name checked. */
  readonly ssl: 'verify-full' | 'disable';
  /** Authority of the certificate (PEM). @default - the well-known ones */
  readonly ca?: string;
}
