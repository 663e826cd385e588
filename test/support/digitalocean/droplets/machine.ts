import { setTimeout } from 'node:timers/promises';
import type Docker from 'dockerode';
import { statusOf } from '../../../../clients/docker/connect.js';
import { type ExecResult, runInContainer } from '../../../../clients/docker/run-in-container.js';
import { type GuestFile, putFiles } from './guest-file.js';
import { GROUND } from './guest-ground.js';
import { meminfo } from './meminfo.js';
import { run } from './run.js';

/** Tells systemd in a container to end everything. */
const HALT = 'SIGRTMIN+3';
/** Time that it has for that. */
const GRACE_MS = 30_000;
/** Exit code of a container whose systemd asked for a reboot: hung up by the kernel. */
const ASKED_FOR_REBOOT = 129;

/** Where a machine's network card leads to. */
export interface Cable {
  readonly network: Docker.Network;
  /** IPv4. */
  readonly address: string;
}

/**
 * Hardware: a container with a power switch and a network cable. Its disk lives as long as it does.
 * A container that starts on a network is there before its first program is, and still there when
 * its last one has ended, and refuses whatever comes. So the cable is plugged in only while the
 * firewall stands.
 */
export class Machine {
  private isAbandoned = false;

  constructor(
    private readonly container: Docker.Container,
    private readonly cable: Cable,
  ) {}

  /** Resolves when the firewall stands and the network is there. No-op while it runs. */
  async start(): Promise<void> {
    if (await this.isRunning()) return;
    await this.unplug();
    await this.container.start();
    void this.restartWhenAsked();
    await this.run(`${GROUND}/closed`);
    const { network, address } = this.cable;
    const EndpointConfig = { IPAMConfig: { IPv4Address: address } };
    await network.connect({ Container: this.container.id, EndpointConfig });
  }

  /** As if the plug was pulled. No-op while it does not run. */
  async kill(): Promise<void> {
    await this.unplug();
    await this.thaw();
    await this.container.kill().catch(unless(409));
  }

  async powerCycle(): Promise<void> {
    await this.kill();
    await this.start();
  }

  /** Graceful; a machine that does not come to an end is killed. */
  async reboot(): Promise<void> {
    const isDown = new AbortController();
    const down = this.container.wait().finally(() => isDown.abort());
    await this.thaw();
    await this.container.kill({ signal: HALT }).catch(unless(409));
    const { signal } = isDown;
    await Promise.race([down, setTimeout(GRACE_MS, undefined, { signal }).catch(() => {})]);
    await this.powerCycle();
    await down;
  }

  async remove(): Promise<void> {
    this.abandon();
    await this.unplug().catch(unless(404));
    await this.thaw();
    await this.container.remove({ force: true, v: true }).catch(unless(404, 409));
  }

  /** It will be removed by others, and is not started again. */
  abandon(): void {
    this.isAbandoned = true;
  }

  /** More or less memory, while it is off. */
  async resize(memoryMb: number): Promise<void> {
    const Memory = memoryMb * 1024 * 1024;
    await this.container.update({ Memory, MemorySwap: Memory });
    await this.put({ path: `${GROUND}/meminfo`, text: meminfo(memoryMb) });
  }

  async isRunning(): Promise<boolean> {
    return (await this.container.inspect()).State.Running;
  }

  /** Writes to its disk, on or off. */
  put(...files: GuestFile[]): Promise<void> {
    return putFiles(this.container, files);
  }

  /** Runs a command as root, past sshd, and gives its output. @throws Error when it fails */
  run(...argv: string[]): Promise<string> {
    return run(this.container, argv);
  }

  /** The same, with the exit code. */
  try(...argv: string[]): Promise<ExecResult> {
    return runInContainer(this.container, argv);
  }

  /** Runs a shell script as soon as systemd takes orders; `$1` and on are `args`. */
  async order(script: string, ...args: string[]): Promise<void> {
    const wait = 'for _ in $(seq 100); do [ -S /run/systemd/private ] && break; sleep 0.1; done';
    await this.run('sh', '-ec', `${wait}; ${script}`, 'sh', ...args);
  }

  /** Power that goes ends frozen containers, too; a kernel with cgroups of version 1 does not kill what is frozen. */
  private async thaw(): Promise<void> {
    const states = 'find /sys/fs/cgroup/freezer -name freezer.state 2>/dev/null';
    const script = `${states} | while read -r state; do echo THAWED >"$state"; done`;
    await this.try('sh', '-c', script).catch(() => {});
  }

  private async unplug(): Promise<void> {
    const { Networks } = (await this.container.inspect()).NetworkSettings;
    if (Object.keys(Networks).length === 0) return;
    await this.cable.network.disconnect({ Container: this.container.id });
  }

  private async restartWhenAsked(): Promise<void> {
    try {
      const { StatusCode } = await this.container.wait();
      if (StatusCode === ASKED_FOR_REBOOT && !this.isAbandoned) await this.start();
    } catch {
      // It is gone, or the engine is: nobody waits for it any more.
    }
  }
}

/** Lets some answers of the engine pass: what was asked for is so already. */
export const unless =
  (...statuses: readonly number[]) =>
  (error: unknown): void => {
    if (!statuses.includes(statusOf(error) ?? 0)) throw error;
  };
