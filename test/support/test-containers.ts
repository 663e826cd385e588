import { randomBytes } from 'node:crypto';
import type Docker from 'dockerode';
import { onTestFinished } from 'vitest';
import { engine, removeTraces } from './engine-traces.js';
import { IMAGES } from './test-cluster.js';

/** Things in the engine that one test makes by hand; all of them go when it ends. */
export class TestObjects {
  readonly name = `ck-test-${randomBytes(4).toString('hex')}`;
  readonly labels = {
    'dev.clusterkit.cluster': this.name,
    'dev.clusterkit.project': '/nowhere/.clusterkit',
  };

  constructor() {
    onTestFinished(() => removeTraces(this.name));
  }

  /** Name of one of them, as the kit would call it. */
  nameOf = (role: string) => `clusterkit-${this.name}-${role}`;

  labelsOf = (role: string) => ({ ...this.labels, 'dev.clusterkit.role': role });

  volume(role: string) {
    return engine.createVolume({ Name: this.nameOf(role), Labels: this.labelsOf(role) });
  }

  network() {
    return engine.createNetwork({ Name: this.nameOf('network'), Labels: this.labelsOf('network') });
  }

  /** A container, not started; the bundled database image unless told otherwise. */
  container(role: string, options: Docker.ContainerCreateOptions): Promise<Docker.Container> {
    return engine.createContainer({
      name: this.nameOf(role),
      Image: IMAGES.database,
      Labels: this.labelsOf(role),
      ...options,
    });
  }

  /** A container that runs `script` in a shell. */
  async shell(role: string, script: string, host: Docker.HostConfig = {}) {
    const container = await this.container(role, {
      Entrypoint: ['/bin/sh', '-c', script],
      HostConfig: { Init: true, ...host },
    });
    await container.start();
    return container;
  }
}
