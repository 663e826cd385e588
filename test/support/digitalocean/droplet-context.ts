import { writeFile } from 'node:fs/promises';
import type { DropletSettings } from '../../../targets/droplet/settings.js';
import { someDroplet } from '../synthesized-droplet-stack.js';
import { type TestContext, type TestContextProps, testContext } from '../test-context.js';

import { TEST_TOKEN } from './api/server.js';

/** A droplet cluster with every default, but for images that nobody has to have. */
export const dropletSettings = (changes: Partial<DropletSettings> = {}): DropletSettings =>
  someDroplet({ name: 'ck-test-a', ...changes });

/** What {@link dropletContext} starts from. */
export interface DropletContextProps extends TestContextProps {
  /** What `clusters.yml` names. @default - nothing */
  readonly clusters?: readonly string[];
}

/** The context of a command on a droplet, with the account at `url`. */
export async function dropletContext(
  url: string,
  { clusters = [], settings = dropletSettings(), ...more }: DropletContextProps = {},
): Promise<TestContext> {
  const env = { DIGITALOCEAN_API_URL: url, DIGITALOCEAN_TOKEN: TEST_TOKEN, ...more.env };
  const context = await testContext({ ...more, settings, env, runsHere: false });
  const entries = clusters.map(
    (name) =>
      `  ${name}:\n    target: digitalocean\n    server: { image: "prismagraphql/prisma:1.8" }\n` +
      '    database: { connector: postgres, image: "postgres:10" }\n',
  );
  await writeFile(
    context.project.configFile,
    `clusters:${entries.length ? '\n' : ' {}\n'}${entries.join('')}`,
  );
  return context;
}
