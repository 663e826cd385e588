import { homedir } from 'node:os';
import Docker from 'dockerode';
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
    standInProvider(process.env, homedir()),
  ]);
  // The tests that need it say so themselves, and the others run.
  for (const each of made) {
    if (each.status === 'rejected') process.stderr.write(`${each.reason}\n`);
  }
}
