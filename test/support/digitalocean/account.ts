import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDigitalOceanApi, TEST_TOKEN } from './api/server.js';
import { ContainerDroplets } from './droplets/container-droplets.js';
import { mirrorConfig } from './mirror-config.js';
import { standInProvider } from './provider.js';

/** See `account.mjs`. Terraform gets the provider as from a mirror. */
const { mirror } = await standInProvider(process.env, homedir());
const directory = await mkdtemp(join(tmpdir(), 'ck-test-account-'));
const droplets = await ContainerDroplets.open();
const api = await startDigitalOceanApi({
  runtime: droplets,
  control: true,
});
const terraformrc = join(directory, 'terraformrc');
await writeFile(terraformrc, mirrorConfig(mirror));

const end = async () => {
  try {
    await api.close();
  } finally {
    await droplets.dispose();
    await rm(directory, { recursive: true, force: true });
  }
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void end().then(() => process.exit(0)));
}
const env = {
  DIGITALOCEAN_TOKEN: TEST_TOKEN,
  DIGITALOCEAN_API_URL: api.url,
  CLUSTERKIT_SOURCE: droplets.operator,
  TF_CLI_CONFIG_FILE: terraformrc,
};
process.stdout.write(`${JSON.stringify({ env, elsewhere: droplets.elsewhere })}\n`);
