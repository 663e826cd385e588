import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { retryUntil } from '../../../lib/retry-until.js';
import type { DropletSpec, FirewallRules } from '../../support/digitalocean/api/droplet-runtime.js';
import { ContainerDroplets } from '../../support/digitalocean/droplets/container-droplets.js';
import { SshSession } from '../../support/digitalocean/droplets/ssh-session.js';
import { sweepDroplets, tracesOfDroplets } from '../../support/digitalocean/droplets/sweep.js';
import { engine } from '../../support/engine-traces.js';
import { newSshKeyPair } from '../../support/ssh-key-pair.js';
import { IMAGES } from '../../support/test-cluster.js';

const login = newSshKeyPair();
const host = newSshKeyPair();

/** For machines that are busy with other things; seconds when they are not. */
const PATIENCE_MS = 120_000;

let droplets: ContainerDroplets;

beforeAll(async () => {
  droplets = await ContainerDroplets.open({
    mirrorOf: (operator) => `http://${operator}:5000`,
  });
  // The image is made when this machine has none in its cache.
}, 600_000);

afterAll(async () => {
  await droplets?.dispose();
  expect(await tracesOfDroplets(engine, droplets.run)).toEqual([]);
});

const userData = (...commands: string[]) =>
  [
    '#cloud-config',
    JSON.stringify({
      ssh_keys: { ed25519_private: host.private, ed25519_public: host.public },
      write_files: [{ path: '/root/written', content: 'by cloud-init', permissions: '0600' }],
      runcmd: [...commands, 'touch /root/marker'],
    }),
  ].join('\n');

const specOf = (id: number, custom: Partial<DropletSpec> = {}): DropletSpec => ({
  id,
  name: `droplet-${id}`,
  image: 'debian-12-x64',
  size: { slug: 's-1vcpu-2gb', memoryMb: 2048, vcpus: 1, diskGb: 50 },
  region: 'fra1',
  userData: userData(),
  sshPublicKeys: [login.public],
  volumes: [],
  firewall: undefined,
  ...custom,
});

const ssh = (address: string) =>
  retryUntil(
    () => SshSession.connect({ host: address, privateKey: login.private, hostKey: host.public }),
    { timeoutMs: PATIENCE_MS },
  );

/** Runs one command over a connection of its own. */
async function sshRun(address: string, command: string): Promise<string> {
  const session = await ssh(address);
  try {
    return (await session.run(command)).trim();
  } finally {
    session.close();
  }
}

const untilMarked = (address: string) =>
  sshRun(address, 'timeout 120 sh -c "until [ -e /root/marker ]; do sleep 0.1; done"');

/** What becomes of a connection: accepted, refused, or nothing within a second. */
const knock = (address: string, port: number) =>
  new Promise<string>((resolve) => {
    const socket = createConnection({ host: address, port, timeout: 1000 });
    const end = (how: string) => {
      socket.destroy();
      resolve(how);
    };
    socket.once('connect', () => end('open'));
    socket.once('timeout', () => end('silent'));
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? 'error'));
  });

const untilOpen = (address: string, port: number) =>
  retryUntil(async () => expect(await knock(address, port)).toBe('open'), {
    timeoutMs: PATIENCE_MS,
  });

const opening = (port: number, address: string): FirewallRules => ({
  inbound: [{ protocol: 'tcp', ports: { first: port, last: port }, addresses: [address] }],
  outbound: [],
});

describe('a droplet', () => {
  const volume = { id: 'v-1', name: 'ck-data', sizeGigabytes: 1, filesystem: 'ext4' } as const;
  let ipv4: string;

  beforeAll(async () => {
    ({ ipv4 } = await droplets.create(specOf(1, { volumes: [volume] })));
    await untilMarked(ipv4);
  });

  it('has run cloud-init, and shows the host key of user data and the memory of its size', async () => {
    const look =
      'cat /root/written; hostname; grep MemTotal /proc/meminfo; cloud-init status --wait | tail -1';
    expect((await sshRun(ipv4, look)).split('\n')).toEqual([
      'by cloud-initdroplet-1',
      'MemTotal:        2013265 kB',
      'status: done',
    ]);
  });

  it('takes swap and settings of memory from its guest, and does not pass them on', async () => {
    const own = () => readFile('/proc/sys/vm/swappiness', 'utf8').then(Number);
    const before = await own();
    const answer = await sshRun(
      ipv4,
      `fallocate -l 1M /swap && chmod 600 /swap && mkswap -q /swap && swapon /swap &&
       sysctl -w vm.swappiness=${before + 1}`,
    );
    expect(answer).toMatch(new RegExp(`swappiness = ${before + 1}$`));
    expect(await own()).toBe(before);
    expect(await readFile('/proc/swaps', 'utf8')).not.toContain('/swap\t');
  });

  it('runs a container of an image that came over ssh, and its firewall rules the published port', async () => {
    const session = await ssh(ipv4);
    await session.run('docker load', (await engine.getImage(IMAGES.database).get()) as never);
    await session.run(
      `docker run -d --restart unless-stopped -p 5432:5432 -e POSTGRES_PASSWORD=x ${IMAGES.database}`,
    );
    expect(await session.run('docker info -f "{{.Driver}} {{.RegistryConfig.Mirrors}}"')).toBe(
      `overlay2 [http://${droplets.operator}:5000/]\n`,
    );
    await untilOpen(ipv4, 5432);

    await droplets.applyFirewall(1, opening(22, droplets.operator));
    expect(await knock(ipv4, 5432)).toBe('silent');
    expect(await knock(ipv4, 22)).toBe('open');
    expect(await session.run('nft flush ruleset; echo still connected')).toBe('still connected\n');
    session.close();
    expect(await knock(ipv4, 5432)).toBe('silent');
    const fromElsewhere = await droplets.fromElsewhere([
      ...['curl', '-s', '-m', '1', `telnet://${ipv4}:22`],
    ]);
    // Timed out: no connection, no refusal.
    expect(fromElsewhere.exitCode).toBe(28);
  });

  it('keeps address, disk, volume, containers and firewall through reboot and power-cycle', async () => {
    await sshRun(ipv4, 'echo kept | tee /root/file /mnt/ck_data/file');
    const look = 'cat /root/file; cat /mnt/ck_data/file; findmnt -no SOURCE /mnt/ck_data';
    const kept = 'kept\nkept\n/dev/sda';
    await droplets.reboot(1);
    expect(await sshRun(ipv4, look)).toBe(kept);
    // Docker 20.10 forgets to free the port of a container in whose start the power fails.
    const untilStarted = 'until docker ps --quiet | grep -q .; do sleep 0.1; done 2>/dev/null';
    await sshRun(ipv4, `timeout 120 sh -c "${untilStarted}"`);
    await droplets.powerCycle(1);
    expect(await sshRun(ipv4, look)).toBe(kept);
    expect(await knock(ipv4, 5432)).toBe('silent');
    await droplets.applyFirewall(1, undefined);
    await untilOpen(ipv4, 5432);
  });

  it('gives a volume and its data to another droplet, and so a reserved address', async () => {
    const address = await droplets.reserveAddress();
    await droplets.moveAddress(address, 1);
    expect(await sshRun(address, 'hostname')).toBe('droplet-1');
    await droplets.detachVolume(1, volume.id);
    expect(await sshRun(ipv4, 'ls /dev/disk/by-id; findmnt /mnt/ck_data || echo none')).toBe(
      'none',
    );

    const other = await droplets.create(specOf(2));
    await untilMarked(other.ipv4);
    await droplets.attachVolume(2, volume);
    expect(await sshRun(other.ipv4, 'cat /mnt/ck_data/file')).toBe('kept');
    await droplets.moveAddress(address, 2);
    expect(await sshRun(address, 'hostname')).toBe('droplet-2');
    await droplets.destroy(2);
    await droplets.destroyVolume(volume.id);
  });

  it('refuses nobody whom its firewall keeps out, neither when it starts nor when it ends', async () => {
    const closed = await droplets.create(specOf(3, { firewall: { inbound: [], outbound: [] } }));
    const seen: Promise<string>[] = [];
    const timer = setInterval(() => {
      seen.push(...[22, 4466].map((port) => knock(closed.ipv4, port)));
    }, 10);
    try {
      await droplets.droplet(3).machine.order('true');
      await droplets.reboot(3);
      await droplets.powerCycle(3);
      await droplets.powerOff(3);
      await droplets.powerOn(3);
    } finally {
      clearInterval(timer);
      await droplets.destroy(3);
    }
    const doors = new Set(await Promise.all(seen));
    doors.delete('EHOSTUNREACH');
    expect([...doors]).toEqual(['silent']);
  });

  it('mounts a raw volume by its fstab, also after it rebooted itself', async () => {
    const raw = { id: 'v-2', name: 'raw', sizeGigabytes: 1, filesystem: undefined };
    await droplets.attachVolume(1, raw);
    const device = '/dev/disk/by-id/scsi-0DO_Volume_raw';
    await sshRun(
      ipv4,
      `mkfs.ext4 -q ${device} && mkdir /data && echo "${device} /data ext4 nofail 0 2" >> /etc/fstab &&
       mount -a && echo kept > /data/file`,
    );
    const boot = 'stat -c %Y /proc/1';
    const before = await sshRun(ipv4, boot);
    await sshRun(ipv4, 'systemctl reboot').catch(() => {});
    await retryUntil(async () => expect(await sshRun(ipv4, boot)).not.toBe(before), {
      timeoutMs: PATIENCE_MS,
    });
    expect(await sshRun(ipv4, 'cat /data/file; findmnt -no FSTYPE /data')).toBe('kept\next4');
  });
});

it('what a killed test process left is swept, disks and loop devices too; what lives is not', async () => {
  const process = spawn('sleep', ['60'], { stdio: 'ignore' });
  const left = await ContainerDroplets.open({ owner: process.pid ?? 0 });
  onTestFinished(() => left.dispose());
  const volume = { id: 'v-3', name: 'left', sizeGigabytes: 1, filesystem: undefined };
  await left.create(specOf(3, { volumes: [volume] }));
  await sweepDroplets(engine);
  expect(await tracesOfDroplets(engine, left.run)).toHaveLength(5);

  process.kill('SIGKILL');
  await once(process, 'close');
  const living = await tracesOfDroplets(engine, droplets.run);
  await sweepDroplets(engine);
  expect(await tracesOfDroplets(engine, left.run)).toEqual([]);
  expect(await tracesOfDroplets(engine, droplets.run)).toEqual(living);
});
