import { Document, Scalar } from 'yaml';
import { Secret } from '../secret.js';

/** What a server of generation B must know. */
export interface ServerConfiguration {
  /** Port inside the container. */
  readonly port: number;
  /** SPKI PEM; cluster tokens are checked against it. */
  readonly publicKey: string;
  readonly database: {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly password: Secret;
    readonly database: string;
  };
}

/**
 * The YAML that servers 1.7 to 1.26 read from the file named by `PRISMA_CONFIG_PATH`.
 *
 * `legacySecret` must be a block scalar: pasted on one line the server starts and refuses every
 * token. `managementApiSecret` must stay away: when set, the public key is ignored. Everything else
 * that is text is quoted, because the server reads YAML 1.1, where a bare `no` is a boolean.
 */
export function renderConfiguration({ port, publicKey, database }: ServerConfiguration): Secret {
  const key = new Scalar(publicKey);
  key.type = Scalar.BLOCK_LITERAL;
  const quoted = (text: string) => {
    const scalar = new Scalar(text);
    scalar.type = Scalar.QUOTE_DOUBLE;
    return scalar;
  };
  const document = new Document(
    {
      port,
      legacySecret: key,
      databases: {
        default: {
          connector: quoted('postgres'),
          host: quoted(database.host),
          port: database.port,
          user: quoted(database.user),
          password: quoted(database.password.reveal()),
          database: quoted(database.database),
          migrations: true,
          connectionLimit: 10,
        },
      },
    },
    { version: '1.1' },
  );
  return new Secret(document.toString({ lineWidth: 0 }));
}
