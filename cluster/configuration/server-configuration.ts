import type { DatabaseAddress } from '../../clients/database/database-login.js';
import type { Secret } from '../../lib/secret.js';
import type { DatabaseUse } from '../settings/settings.js';

/** Configuration of a server of any generation. */
export interface ServerConfiguration {
  /** Port inside the container. */
  readonly port: number;
  readonly access: ServerAccess;
  readonly database: DatabaseAddress & DatabaseUse;
}

/** What the server checks cluster tokens with: the public half of a key (SPKI PEM), or a secret. */
export type ServerAccess =
  | {
      readonly auth: 'rsa';
      readonly publicKey: string;
      /** Only for the bundled server. @default - the key pair alone */
      readonly derivedSecret?: Secret;
    }
  | { readonly auth: 'secret'; readonly secret: Secret };

/** Connections to the database, by default: upstream's own. */
export const CONNECTION_LIMIT = 10;
