import { randomBytes } from 'node:crypto';
import type Docker from 'dockerode';
import type { Engine } from '../../clients/docker/connect.js';
import { removeContainer } from '../../clients/docker/remove-container.js';
import { instanceName } from '../../cluster/names.js';
import { FUNCTION_PORT } from '../../cluster/settings/apps/settings.js';
import { freePorts } from '../timing.js';

/** A container as `docker create -p` makes it, and its published port. */
export interface ByHand {
  readonly container: Docker.Container;
  readonly port: number;
}

/** Containers of an image without the kit. They are removed with {@link removeAll}. */
export class HandMade {
  readonly #names: string[] = [];
  readonly #prefix = `ck-bench-${randomBytes(4).toString('hex')}`;

  constructor(
    private readonly engine: Engine,
    private readonly image: string,
  ) {}

  /** `docker create`; it does not run yet. */
  async create(port?: number): Promise<ByHand> {
    const [free = 0] = port === undefined ? await freePorts(1) : [port];
    const inside = `${FUNCTION_PORT}/tcp`;
    const name = `${this.#prefix}-${this.#names.length}`;
    this.#names.push(name);
    const container = await this.engine.createContainer({
      ...{ name, Image: this.image, ExposedPorts: { [inside]: {} } },
      HostConfig: {
        Init: true,
        PortBindings: { [inside]: [{ HostIp: '127.0.0.1', HostPort: String(free) }] },
      },
    });
    return { container, port: free };
  }

  /** `docker run -d`. */
  async run(port?: number): Promise<ByHand> {
    const made = await this.create(port);
    await made.container.start();
    return made;
  }

  async remove({ container }: ByHand): Promise<void> {
    await removeContainer(this.engine, container.id);
  }

  async removeAll(): Promise<void> {
    for (const name of this.#names) await removeContainer(this.engine, name);
  }
}

/** Image of the first instance of an application's first release. */
export async function imageOfApp(engine: Engine, cluster: string, app: string): Promise<string> {
  const found = await engine.getContainer(instanceName(cluster, app, 'r1', 1)).inspect();
  return found.Image;
}
