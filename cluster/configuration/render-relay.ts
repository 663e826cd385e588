import { Document } from 'yaml';
import type { DatabaseLogin } from '../../clients/database/database-login.js';
import { Secret } from '../../lib/secret.js';

/**
 * The YAML that the relay reads from the file named by `RELAY_CONFIG_PATH`.
 * @param connections that it accepts, if not its default
 */
export function renderRelay(login: DatabaseLogin, connections?: number): Secret {
  const { connector, host, port, user, password, database, ssl, ca } = login;
  const document = new Document({
    ...{ connector, host, port, user, password: password.reveal(), database, ssl, ca },
    connections,
  });
  return new Secret(document.toString({ lineWidth: 0 }));
}
