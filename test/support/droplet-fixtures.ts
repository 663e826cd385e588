import { readdir, realpath, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import Docker from 'dockerode';
import { packagesIn } from '../../clients/terraform/packages.js';
import { cacheDirectory } from '../../cluster/project.js';
import { dropletImage, imageWorld } from './digitalocean/droplets/droplet-image.js';
import { standInProvider } from './digitalocean/provider.js';

/**
 * Before the first test: the image of droplets and the provider that plays DigitalOcean's, minutes on a
 * machine that never had them, and so no part of any test's time.
 */
export default async function setup(): Promise<void> {
  const progress = { step: (text: string) => process.stderr.write(`${text}\n`), output: () => {} };
  const made = await Promise.allSettled([
    dropletImage(new Docker(), { ...imageWorld(), progress }),
    standInProvider(process.env, homedir()).then(({ mirror }) => forgetOthers(mirror)),
  ]);
  // The tests that need it say so themselves, and the others run.
  for (const each of made) {
    if (each.status === 'rejected') process.stderr.write(`${each.reason}\n`);
  }
}

/** The kit installs a release of a provider once; here each change of the stand-in has the same release. */
async function forgetOthers(mirror: string): Promise<void> {
  const places = join(cacheDirectory(process.env, homedir()), 'terraform');
  for (const name of await readdir(places).catch(() => [])) {
    const providers = join(places, name, '.terraform', 'providers');
    for (const path of await packagesIn(providers)) {
      const found = await realpath(join(providers, path)).catch(() => mirror);
      const isOther = !found.startsWith(mirror) && found.startsWith(dirname(mirror));
      if (isOther) await rm(join(places, name), { recursive: true, force: true });
    }
  }
}
