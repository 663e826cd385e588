import Docker from 'dockerode';
import { type ExecResult, runInContainer } from '../../../../clients/docker/run-in-container.js';
import type {
  DropletAddresses,
  DropletRuntime,
  DropletSpec,
  FirewallRules,
  RuntimeVolume,
} from '../api/droplet-runtime.js';
import type { BirthFault } from './birth-faults.js';
import { ContainerDatabases } from './container-databases.js';
import { ContainerDroplet } from './container-droplet.js';
import { DiskShelf } from './disk-shelf.js';
import { DROPLET_IMAGE, dropletImage } from './droplet-image.js';
import { engineSeed } from './engine-seed.js';
import { newRun } from './owner.js';
import { createSubnet, Numbers, type Subnet } from './subnet.js';
import { removeRun, sweepDroplets } from './sweep.js';

/** How {@link ContainerDroplets} differ from the usual. */
export interface ContainerDropletsProps {
  /** What is wrong with a droplet from birth. @default - nothing */
  readonly faultsOf?: (spec: DropletSpec) => readonly BirthFault[];
  /**
   * Registry that answers the inner engines for Docker Hub, such as `http://198.18.7.1:5000`, told
   * the address that this machine has for the droplets. @default - none, images are shipped
   */
  readonly mirrorOf?: (operator: string) => string;
  /** Images of this machine's engine that every droplet's engine has from birth. @default - none */
  readonly images?: readonly string[];
  /** The process with which all of it ends. @default - this one */
  readonly owner?: number;
}

/**
 * Droplets that are containers with systemd, sshd, cloud-init and an engine of their own, on a
 * bridge of their own. {@link dispose} removes all of them, whatever happened; what a killed test
 * process left is removed by the next one that opens.
 */
export class ContainerDroplets implements DropletRuntime {
  private readonly droplets = new Map<number, ContainerDroplet>();
  private readonly births = new Map<number, Promise<unknown>>();
  private readonly hosts = new Map<number, number>();
  private readonly addresses = new Numbers(10, 199);
  private readonly reserved = new Numbers(200, 250);
  private readonly holders = new Map<string, ContainerDroplet>();

  readonly databases: ContainerDatabases;

  private constructor(
    private readonly docker: Docker,
    private readonly labels: Readonly<Record<string, string>>,
    private readonly subnet: Subnet,
    private readonly neighbour: Docker.Container,
    private readonly shelf: DiskShelf,
    private readonly props: ContainerDropletsProps,
    private readonly seed: string | undefined,
    /** Name of this run: label value, and first part of the names of all that it makes. */
    readonly run: string,
    /** Address of another machine on the network: what {@link fromElsewhere} comes from. */
    readonly elsewhere: string,
  ) {
    this.databases = new ContainerDatabases({ docker, run, labels, subnet, image: DROPLET_IMAGE });
  }

  /** Makes the image when it is missing (see `dropletImage`), the network, and the volumes' shelf. */
  static async open(props: ContainerDropletsProps = {}): Promise<ContainerDroplets> {
    const docker = new Docker();
    const { run, labels } = newRun(props.owner ?? process.pid);
    const [image] = await Promise.all([dropletImage(docker), sweepDroplets(docker)]);
    const seed = props.images && (await engineSeed(docker, props.images));
    try {
      const subnet = await createSubnet(docker, `${run}-network`, labels);
      const name = `${run}-shelf`;
      await docker.createVolume({ Name: name, Labels: { ...labels } });
      const neighbour = await docker.createContainer(DiskShelf.options(name, image, labels));
      const elsewhere = subnet.address(2);
      await subnet.network.connect({
        Container: neighbour.id,
        EndpointConfig: { IPAMConfig: { IPv4Address: elsewhere } },
      });
      await neighbour.start();
      const shelf = new DiskShelf(neighbour);
      return new ContainerDroplets(
        ...([docker, labels, subnet, neighbour, shelf, props, seed, run, elsewhere] as const),
      );
    } catch (error) {
      await removeRun(docker, run).catch(() => {});
      throw error;
    }
  }

  /** Address from which this machine comes to the droplets. */
  get operator(): string {
    return this.subnet.operator;
  }

  /** Made and started; ssh answers a few seconds later. */
  async create(spec: DropletSpec): Promise<DropletAddresses> {
    const birth = this.bear(spec);
    this.births.set(
      spec.id,
      birth.catch(() => {}),
    );
    return birth;
  }

  private async bear(spec: DropletSpec): Promise<DropletAddresses> {
    const host = this.addresses.take();
    const address = this.subnet.address(host);
    this.hosts.set(spec.id, host);
    const droplet = await ContainerDroplet.create(this.docker, this.shelf, spec, {
      name: `${this.run}-droplet-${spec.id}`,
      image: DROPLET_IMAGE,
      labels: this.labels,
      network: `${this.run}-network`,
      address,
      faults: this.props.faultsOf?.(spec) ?? [],
      mirror: this.props.mirrorOf?.(this.operator),
      seed: this.seed,
    });
    this.droplets.set(spec.id, droplet);
    await droplet.machine.start();
    return { ipv4: address };
  }

  async destroy(id: number): Promise<void> {
    await this.births.get(id);
    await this.droplets.get(id)?.destroy();
    this.droplets.delete(id);
    this.births.delete(id);
    this.addresses.free(this.hosts.get(id) ?? 0);
  }

  reboot = (id: number): Promise<void> => this.droplet(id).machine.reboot();
  powerCycle = (id: number): Promise<void> => this.droplet(id).machine.powerCycle();
  resize = (id: number, { memoryMb }: { readonly memoryMb: number }): Promise<void> =>
    this.droplet(id).machine.resize(memoryMb);
  powerOff = (id: number): Promise<void> => this.droplet(id).machine.kill();
  powerOn = (id: number): Promise<void> => this.droplet(id).machine.start();

  attachVolume(id: number, volume: RuntimeVolume): Promise<void> {
    return this.droplet(id).attach(volume);
  }

  detachVolume(id: number, volumeId: string): Promise<void> {
    return this.droplet(id).detach(volumeId);
  }

  resizeVolume(volumeId: string, gigabytes: number): Promise<void> {
    return this.shelf.resize(volumeId, gigabytes);
  }

  destroyVolume(volumeId: string): Promise<void> {
    return this.shelf.destroy(volumeId);
  }

  applyFirewall(id: number, rules: FirewallRules | undefined): Promise<void> {
    return this.droplet(id).applyFirewall(rules);
  }

  async reserveAddress(): Promise<string> {
    return this.subnet.address(this.reserved.take());
  }

  async moveAddress(address: string, id: number | undefined): Promise<void> {
    await this.holders.get(address)?.dropAddress(address);
    this.holders.delete(address);
    if (id === undefined) return;
    await this.droplet(id).takeAddress(address);
    this.holders.set(address, this.droplet(id));
  }

  /** The droplet behind an id, for faults and looks inside. @throws Error when there is none */
  droplet(id: number): ContainerDroplet {
    const droplet = this.droplets.get(id);
    if (droplet === undefined) throw new Error(`there is no droplet ${id}`);
    return droplet;
  }

  /** Runs a command, such as curl, on another machine of the network, at {@link elsewhere}. */
  fromElsewhere(argv: readonly string[]): Promise<ExecResult> {
    return runInContainer(this.neighbour, argv);
  }

  /** Removes everything of this run. @throws Error the first failure, after having tried all */
  async dispose(): Promise<void> {
    await Promise.all([...this.births.values(), this.databases.idle()]);
    for (const droplet of this.droplets.values()) droplet.machine.abandon();
    await removeRun(this.docker, this.run);
  }
}
