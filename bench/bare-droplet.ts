import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { awaitSsh } from '../clients/ssh/await-ssh.js';
import { ensureSshKeys } from '../targets/droplet/keys/ssh-keys.js';
import type { BenchAccount } from './account.js';

/** Milliseconds since the request for a droplet. */
export interface BareBoot {
  readonly ssh: number;
  readonly cloudInit: number;
}

/**
 * Boots a droplet with nothing but a key: the minimum for everybody, whatever they install on it.
 */
export async function bootBareDroplet({ call }: BenchAccount): Promise<BareBoot> {
  const directory = await mkdtemp(join(tmpdir(), 'clusterkit-bench-'));
  const undo: (() => Promise<unknown>)[] = [() => rm(directory, { recursive: true, force: true })];
  try {
    const { login, bootstrapHost } = await ensureSshKeys(directory);
    const userData = {
      disable_root: false,
      ssh_authorized_keys: [login.publicKey],
      ssh_keys: {
        ed25519_private: bootstrapHost.privateKey.reveal(),
        ed25519_public: bootstrapHost.publicKey,
      },
    };
    const startedAt = performance.now();
    const { droplet } = (await call('POST', '/v2/droplets', {
      name: 'bare',
      region: 'fra1',
      size: 's-1vcpu-2gb',
      image: 'ubuntu-24-04-x64',
      user_data: `#cloud-config\n${JSON.stringify(userData)}`,
    })) as { droplet: { id: number } };
    undo.unshift(() => call('DELETE', `/v2/droplets/${droplet.id}`));
    const connection = await awaitSsh(
      {
        host: await publicAddress(call, droplet.id),
        privateKey: login.privateKey,
        hostKeys: [bootstrapHost.publicKey],
      },
      { successes: 1, pauseMs: 100 },
    );
    const ssh = performance.now() - startedAt;
    await connection.run(['cloud-init', 'status', '--wait']);
    const cloudInit = performance.now() - startedAt;
    connection.close();
    return { ssh, cloudInit };
  } finally {
    for (const each of undo) await each();
  }
}

async function publicAddress(call: BenchAccount['call'], id: number): Promise<string> {
  const deadline = performance.now() + 60_000;
  for (;;) {
    const { droplet } = (await call('GET', `/v2/droplets/${id}`)) as {
      droplet: { status: string; networks: { v4: { type: string; ip_address: string }[] } };
    };
    const address = droplet.networks.v4.find(({ type }) => type === 'public')?.ip_address;
    if (droplet.status === 'active' && address !== undefined) return address;
    if (performance.now() > deadline) throw new Error(`droplet ${id} has no address within 60 s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
