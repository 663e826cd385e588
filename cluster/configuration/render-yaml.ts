import { Document, Scalar } from 'yaml';
import { Secret } from '../../lib/secret.js';
import {
  CONNECTION_LIMIT,
  type ServerAccess,
  type ServerConfiguration,
} from './server-configuration.js';

/**
 * The YAML that servers from 1.7 on read from the file named by `PRISMA_CONFIG_PATH`. All text is
 * quoted, because they read YAML 1.1, where an unquoted `no` is a boolean.
 */
export function renderYaml({ port, access, database }: ServerConfiguration): Secret {
  const document = new Document(
    {
      port,
      ...accessKeys(access),
      databases: {
        default: {
          connector: quoted(database.connector),
          host: quoted(database.host),
          port: database.port,
          user: quoted(database.user),
          password: quoted(database.password.reveal()),
          database: quoted(database.database ?? 'prisma'),
          migrations: true,
          connectionLimit: database.connectionLimit ?? CONNECTION_LIMIT,
          ...(database.rawAccess !== undefined && { rawAccess: database.rawAccess }),
          ...(database.schema !== undefined && { schema: quoted(database.schema) }),
        },
      },
    },
    { version: '1.1' },
  );
  return new Secret(document.toString({ lineWidth: 0 }));
}

/**
 * Writes exactly one of the two keys: `managementApiSecret`, even an empty one, disables `legacySecret`.
 * `legacySecret` must be a block scalar: on one line the server starts and refuses every token.
 * `derivedSecret` is a key of the bundled server.
 */
function accessKeys(access: ServerAccess): Record<string, Scalar> {
  if (access.auth === 'secret') return { managementApiSecret: quoted(access.secret.reveal()) };
  const key = new Scalar(access.publicKey);
  key.type = Scalar.BLOCK_LITERAL;
  const { derivedSecret } = access;
  return {
    legacySecret: key,
    ...(derivedSecret && { derivedSecret: quoted(derivedSecret.reveal()) }),
  };
}

function quoted(text: string): Scalar {
  const scalar = new Scalar(text);
  scalar.type = Scalar.QUOTE_DOUBLE;
  return scalar;
}
