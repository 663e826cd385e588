import type Docker from 'dockerode';
import { statusOf } from '../../../../lib/engine/connect.js';
import { type ExecResult, runInContainer } from '../../../../lib/engine/run-in-container.js';
import { type GuestFile, putFiles } from './guest-file.js';
import { run } from './run.js';

/** Time that systemd has to end everything on a graceful reboot, in seconds. */
const GRACE_S = 30;
/** Exit code of a container whose systemd asked for a reboot: hung up by the kernel. */
const ASKED_FOR_REBOOT = 129;

/** Hardware: a container with a power switch. Its disk lives as long as it does. */
export class Machine {
  private isAbandoned = false;

  constructor(private readonly container: Docker.Container) {}

  /** No-op while it runs. */
  async start(): Promise<void> {
    await this.container.start().catch(unless(304));
    void this.restartWhenAsked();
  }

  /** As if the plug was pulled. No-op while it does not run. */
  async kill(): Promise<void> {
    await this.container.kill().catch(unless(409));
  }

  async powerCycle(): Promise<void> {
    await this.kill();
    await this.start();
  }

  async reboot(): Promise<void> {
    await this.container.stop({ t: GRACE_S }).catch(unless(304));
    await this.start();
  }

  async remove(): Promise<void> {
    this.abandon();
    await this.container.remove({ force: true, v: true }).catch(unless(404, 409));
  }

  /** It will be removed by others, and is not started again. */
  abandon(): void {
    this.isAbandoned = true;
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
