import { readFile } from 'node:fs/promises';
import Docker from 'dockerode';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { retryUntil } from '../../../lib/retry-until.js';
import { Secret } from '../../../lib/secret.js';
import { ON_DROPLET } from '../../../targets/droplet/machine/places.js';
import { renderCloudInit } from '../../../targets/droplet/machine/render-cloud-init.js';
import { ContainerDroplets } from '../../support/digitalocean/droplets/container-droplets.js';
import { DROPLET_IMAGE, dropletImage } from '../../support/digitalocean/droplets/droplet-image.js';
import { SshSession } from '../../support/digitalocean/droplets/ssh-session.js';
import { newSshKeyPair } from '../../support/ssh-key-pair.js';

const login = newSshKeyPair();
const host = newSshKeyPair();
const userData = renderCloudInit(await readFile('templates/cloud-init.yaml', 'utf8'), {
  cluster: 'one',
  bootstrapHostKey: { privateKey: new Secret(host.private), publicKey: host.public },
  loginPublicKey: login.public,
  swapMb: 64,
  marker: 'ck-test-marker',
}).reveal();

describe('the user data of a droplet', () => {
  beforeAll(() => dropletImage(new Docker()), 600_000);

  it('is valid by the schema of cloud-init itself', async () => {
    const check = 'cat >/tmp/user-data && cloud-init schema --config-file /tmp/user-data';
    const argv = ['run', '--rm', '-i', '--network=none', '--entrypoint=sh', DROPLET_IMAGE, '-c'];
    const { stdout } = await execa('docker', [...argv, check], { input: userData });
    expect(stdout.trim()).toBe('Valid cloud-config: /tmp/user-data');
  });
});

describe('the first boot of a droplet', () => {
  let droplets: ContainerDroplets;
  let session: SshSession;
  const run = async (command: string) => (await session.run(command)).trim();

  beforeAll(async () => {
    droplets = await ContainerDroplets.open();
    const { ipv4 } = await droplets.create({
      id: 1,
      name: 'droplet-1',
      image: 'debian-12-x64',
      size: { slug: 's-1vcpu-2gb', memoryMb: 2048, vcpus: 1, diskGb: 50 },
      region: 'fra1',
      userData,
      // The login key comes by user data as well.
      sshPublicKeys: [],
      volumes: [],
      firewall: undefined,
    });
    const connect = () =>
      SshSession.connect({ host: ipv4, privateKey: login.private, hostKey: host.public });
    await retryUntil(
      async () => {
        const attempt = await connect();
        const ended = `[ -e ${ON_DROPLET.marker} ] || [ -e ${ON_DROPLET.failure} ]`;
        const answer = await attempt.run(`(${ended}) && echo ended || true`);
        attempt.close();
        expect(answer.trim()).toBe('ended');
      },
      { timeoutMs: 180_000 },
    );
    session = await connect();
  }, 240_000);

  afterAll(async () => {
    session?.close();
    await droplets?.dispose();
  });

  it('ends with the marker, and cloud-init is content', async () => {
    const log = await run(`cat ${ON_DROPLET.log}`);
    const failure = await run(`cat ${ON_DROPLET.failure} 2>/dev/null || true`);
    expect({ failure, log: failure === '' ? '' : log }).toEqual({ failure: '', log: '' });
    expect(await run(`cat ${ON_DROPLET.marker}`)).toBe('ck-test-marker');
    expect(await run('cloud-init status --wait | tail -n 1')).toBe('status: done');
  });

  it('has an engine that is enabled and answers, and keeps logs small', async () => {
    expect(await run('systemctl is-enabled docker.service')).toBe('enabled');
    const format = "docker info --format '{{.LoggingDriver}} {{.LiveRestoreEnabled}}'";
    expect(await run(format)).toBe('json-file true');
  });

  it('has a firewall of its own in force, and will have it after a reboot', async () => {
    expect(await run('systemctl is-enabled clusterkit-firewall.service')).toBe('enabled');
    const rules = await run('nft list table inet clusterkit');
    expect(rules).toContain('policy drop');
    expect(rules).toContain('tcp dport 22 accept');
  });

  it('has swap, and will have it again after a reboot', async () => {
    expect(await run('grep swapfile /etc/fstab')).toBe('/swapfile none swap sw 0 0');
  });

  it('lets in by key only, and offers the one host key that we know', async () => {
    const settings = await run(
      "sshd -T | grep -E '^(passwordauthentication|permitrootlogin|hostkey|kbdinteractiveauthentication) ' | sort",
    );
    expect(settings.split('\n')).toEqual([
      `hostkey ${ON_DROPLET.hostKey}`,
      'kbdinteractiveauthentication no',
      'passwordauthentication no',
      'permitrootlogin without-password',
    ]);
    expect(await run('ls /etc/ssh/ssh_host_*_key')).toBe(ON_DROPLET.hostKey);
  });
});
