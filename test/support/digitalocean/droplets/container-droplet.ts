import type Docker from 'dockerode';
import type { DropletSpec, FirewallRules, RuntimeVolume } from '../api/droplet-runtime.js';
import { automountFiles, mountUnit } from './automount.js';
import { type BirthFault, filesOfFault } from './birth-faults.js';
import { type ContainerPlace, containerOptions } from './container-options.js';
import type { DiskShelf } from './disk-shelf.js';
import { sowEngine } from './engine-seed.js';
import { firewallRuleset } from './firewall-ruleset.js';
import { diskFile, GROUND, groundFiles } from './guest-ground.js';
import { Machine, unless } from './machine.js';
import { seedFiles } from './seed.js';

/** How a droplet comes to be. */
export interface Birth extends Omit<ContainerPlace, 'engineDisk'> {
  readonly address: string;
  readonly faults: readonly BirthFault[];
  /** Registry that answers for Docker Hub. */
  readonly mirror: string | undefined;
  /** What its engine has from the start: see `engineSeed`. */
  readonly seed: string | undefined;
}

/** One droplet: a machine, and what stands around it. */
export class ContainerDroplet {
  private readonly disks = new Map<string, { letter: string; volume: RuntimeVolume }>();
  private generation = 0;

  private constructor(
    readonly ipv4: string,
    readonly machine: Machine,
    private readonly shelf: DiskShelf,
    private readonly engineVolume: Docker.Volume,
  ) {}

  /** Made, not started yet. */
  static async create(
    docker: Docker,
    shelf: DiskShelf,
    spec: DropletSpec,
    { address, faults, mirror, seed, ...place }: Birth,
  ): Promise<ContainerDroplet> {
    const engineVolume = `${place.name}-engine`;
    const small = faults.find((fault) => fault.kind === 'small-engine-disk');
    const engineDisk = small?.megabytes ?? engineVolume;
    const machine = new Machine(
      await docker.createContainer(containerOptions(spec, { ...place, engineDisk })),
      { network: docker.getNetwork(place.network), address },
    );
    const volume = docker.getVolume(engineVolume);
    const droplet = new ContainerDroplet(address, machine, shelf, volume);
    try {
      if (seed !== undefined && small === undefined) await sowEngine(docker, seed, engineVolume);
      await droplet.furnish(spec, faults, mirror);
    } catch (error) {
      await droplet.destroy();
      throw error;
    }
    return droplet;
  }

  /** Container, engine's disk and loop devices go; the volumes' data stays on the shelf. */
  async destroy(): Promise<void> {
    await this.machine.remove();
    for (const id of this.disks.keys()) await this.shelf.detach(id);
    await this.engineVolume.remove().catch(unless(404));
  }

  async attach(volume: RuntimeVolume): Promise<void> {
    const { id, name, filesystem } = volume;
    const minor = await this.shelf.attach(volume);
    const letter = this.freeLetter();
    this.disks.set(id, { letter, volume });
    const units = filesystem === undefined ? [] : automountFiles(name, filesystem);
    await this.machine.put(diskFile(letter, minor, name), ...units);
    if (!(await this.machine.isRunning())) return;
    await this.machine.run(`${GROUND}/plug`, letter, String(minor), name);
    if (filesystem === undefined) return;
    await this.machine.order('systemctl daemon-reload; systemctl start "$1"', mountUnit(name));
  }

  async detach(volumeId: string): Promise<void> {
    const disk = this.disks.get(volumeId);
    if (disk === undefined) return;
    const { letter, volume } = disk;
    const units = volume.filesystem ? automountFiles(volume.name, volume.filesystem) : [];
    const files = [diskFile(letter, 0, volume.name), ...units];
    if (await this.machine.isRunning()) {
      await this.machine.run(`${GROUND}/unplug`, letter, volume.name);
      await this.machine.run('rm', '-f', ...files.map(({ path }) => path));
      await this.machine.order('systemctl daemon-reload');
    } else {
      await this.machine.put(...files.map((file) => ({ ...file, text: '' })));
    }
    this.disks.delete(volumeId);
    await this.shelf.detach(volumeId);
  }

  async applyFirewall(rules: FirewallRules | undefined): Promise<void> {
    this.generation += 1;
    const text = firewallRuleset(rules, `generation ${this.generation}`);
    await this.machine.put({ path: `${GROUND}/firewall.nft`, text });
    if (await this.machine.isRunning()) await this.machine.run(`${GROUND}/firewall`);
  }

  async takeAddress(address: string): Promise<void> {
    await this.machine.put({ path: `${GROUND}/addresses/${address}`, text: `${address}/24\n` });
    if (!(await this.machine.isRunning())) return;
    await this.machine.run('ip', 'address', 'add', `${address}/24`, 'dev', 'eth0');
    // Neighbours may still send to its last holder.
    await this.machine.run('arping', '-q', '-U', '-c', '1', '-I', 'eth0', address);
  }

  async dropAddress(address: string): Promise<void> {
    await this.machine.put({ path: `${GROUND}/addresses/${address}`, text: '' });
    if (!(await this.machine.isRunning())) return;
    await this.machine.run('ip', 'address', 'del', `${address}/24`, 'dev', 'eth0');
  }

  private async furnish(
    spec: DropletSpec,
    faults: readonly BirthFault[],
    mirror: string | undefined,
  ): Promise<void> {
    const { id, name, sshPublicKeys, userData } = spec;
    await this.machine.put(
      ...groundFiles(spec, mirror),
      ...seedFiles({ instanceId: String(id), hostname: name, sshPublicKeys, userData }),
      ...faults.flatMap(filesOfFault),
    );
    for (const volume of spec.volumes) await this.attach(volume);
  }

  private freeLetter(): string {
    const taken = new Set([...this.disks.values()].map(({ letter }) => letter));
    const free = [...'abcdefghijklmnop'].find((letter) => !taken.has(letter));
    if (free === undefined) throw new Error('a droplet has no place for another volume');
    return free;
  }
}
