import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { CONFIG_DIRECTORY, CONFIG_FILES, DATABASE, SERVER_PORT } from '../lib/cluster-names.js';
import { Secret } from '../lib/secret.js';
import { renderConfiguration } from '../lib/server/render-configuration.js';
import type { ClusterSettings } from '../lib/settings/cluster-settings.js';

/**
 * Writes what a person would write by hand for the same two containers: a `docker-compose.yml` with
 * network, volume, limits and restart policy as the stack has them, and the two files they read.
 */
export async function composeFile(
  directory: string,
  { server, database, port }: ClusterSettings,
  publicKey: string,
): Promise<void> {
  const password = new Secret('bench-only');
  const configuration = renderConfiguration({
    port: SERVER_PORT,
    publicKey,
    database: {
      host: DATABASE.host,
      port: DATABASE.port,
      user: DATABASE.user,
      database: DATABASE.name,
      password,
    },
  });
  const files = {
    [CONFIG_FILES.databasePassword]: password.reveal(),
    [CONFIG_FILES.server]: configuration.reveal(),
  };
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(directory, name), content, { mode: 0o600 });
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
          environment: {
            POSTGRES_USER: DATABASE.user,
            POSTGRES_DB: DATABASE.name,
            POSTGRES_PASSWORD_FILE: `${CONFIG_DIRECTORY}/${CONFIG_FILES.databasePassword}`,
          },
          volumes: ['data:/var/lib/postgresql/data', ...mounts],
        },
        server: {
          ...common,
          image: server.image,
          environment: { PRISMA_CONFIG_PATH: `${CONFIG_DIRECTORY}/${CONFIG_FILES.server}` },
          ports: [`127.0.0.1:${port}:${SERVER_PORT}`],
          depends_on: ['database'],
        },
      },
      volumes: { data: {} },
    }),
  );
}
