import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { configurationFiles } from '../cluster/configuration/configuration-files.js';
import { serverContainer } from '../cluster/configuration/server-container.js';
import { DATABASE_HOST, DATABASES } from '../cluster/databases.js';
import { CONFIG_DIRECTORY, SERVER_PORT } from '../cluster/names.js';
import type { ClusterSettings } from '../cluster/settings/settings.js';
import { Secret } from '../lib/secret.js';

/**
 * Writes the same two containers as a person would by hand: a `docker-compose.yml` with network,
 * volume, limits and restart policy as in the stack, and the two files that the containers read.
 */
export async function composeFile(
  directory: string,
  { server, database, port }: ClusterSettings,
  publicKey: string,
): Promise<void> {
  const password = new Secret('bench-only');
  const { connector } = database;
  const { port: databasePort, user, environment, dataDirectory } = DATABASES[connector];
  const files = configurationFiles(
    {
      port: SERVER_PORT,
      access: { auth: 'rsa', publicKey },
      database: { connector, host: DATABASE_HOST, port: databasePort, user, password },
    },
    undefined,
  );
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(directory, name), content.reveal(), { mode: 0o600 });
  }
  const mounts = Object.keys(files).map((name) => `./${name}:${CONFIG_DIRECTORY}/${name}:ro`);
  const common = { init: true, restart: 'unless-stopped', volumes: mounts };
  await writeFile(
    join(directory, 'docker-compose.yml'),
    stringify({
      version: '3.7',
      services: {
        database: {
          ...common,
          image: database.image,
          environment,
          volumes: [`data:${dataDirectory}`, ...mounts],
        },
        server: {
          ...common,
          image: server.image,
          environment: serverContainer(server).environment,
          ports: [`127.0.0.1:${port}:${SERVER_PORT}`],
          depends_on: ['database'],
        },
      },
      volumes: { data: {} },
    }),
  );
}
