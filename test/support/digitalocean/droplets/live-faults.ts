import { retryUntil } from '../../../../lib/retry-until.js';
import { BROKEN_ENGINE, foreignHostKey } from './birth-faults.js';
import type { ContainerDroplet } from './container-droplet.js';
import { GROUND } from './guest-ground.js';

/**
 * Pulls the plug while cloud-init is in the middle of the user's `runcmd`, and starts the machine
 * again. cloud-init will say `done`, although the rest never runs. @throws Error when none comes
 */
export async function killInRuncmd(droplet: ContainerDroplet, timeoutMs = 60_000): Promise<void> {
  // In brackets, so that the pattern does not match the process that looks for it.
  const look = () => droplet.machine.run('pgrep', '-f', '/scripts/[r]uncmd');
  await retryUntil(look, { timeoutMs });
  await droplet.machine.powerCycle();
}

/** ssh is refused from now on, for so long; connections that stand are cut. */
export async function refuseSsh(droplet: ContainerDroplet, seconds: number): Promise<void> {
  await droplet.machine.run(`${GROUND}/refuse`, String(seconds));
}

/** From now on sshd shows another host key, as a stranger in the middle would. */
export async function swapHostKey(droplet: ContainerDroplet): Promise<void> {
  await droplet.machine.put(...foreignHostKey());
  await droplet.machine.order('systemctl restart ssh');
}

/** The engine stops, and does not start again. */
export async function breakEngine(droplet: ContainerDroplet): Promise<void> {
  await droplet.machine.put(BROKEN_ENGINE);
  await droplet.machine.order('systemctl daemon-reload; systemctl stop docker.socket docker');
}

/** It starts again. */
export async function mendEngine(droplet: ContainerDroplet): Promise<void> {
  await droplet.machine.run('rm', '-f', BROKEN_ENGINE.path);
  await droplet.machine.order(
    'systemctl daemon-reload; systemctl reset-failed docker docker.socket; systemctl start docker',
  );
}
