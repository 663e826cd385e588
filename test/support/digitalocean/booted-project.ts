import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { writeKnownHosts } from '../../../targets/droplet/keys/known-hosts.js';
import { IMAGES, TestProject } from '../test-project.js';
import type { BootedDroplet } from './booted-droplet.js';

/** A project whose cluster is a droplet that has booted, contacted before; nothing is installed. */
export class BootedProject extends TestProject {
  static async create(one: BootedDroplet): Promise<BootedProject> {
    const { directory, name } = await TestProject.ground();
    const project = new BootedProject(directory, name);
    const settings = {
      target: 'digitalocean',
      // Nothing was installed, so nothing is mounted.
      volume: false,
      server: { image: IMAGES.server, version: '1.8' },
      database: { connector: 'postgres', image: IMAGES.database },
    };
    await writeFile(project.configFile, stringify({ clusters: { [name]: settings } }));
    await cp(one.keyDirectory, project.keyDirectory, { recursive: true });
    await project.know(one);
    return project;
  }

  get keyDirectory(): string {
    return join(this.stateDir, 'keys', this.name);
  }

  /** The droplet of the cluster, from now on, and the host key that is right for it. */
  async know(
    { host, droplet, keys }: BootedDroplet,
    hostKey = keys.bootstrapHost.publicKey,
  ): Promise<void> {
    await writeKnownHosts(this.keyDirectory, { host, droplet, keys: [hostKey] });
  }
}
