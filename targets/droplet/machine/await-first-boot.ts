import { setTimeout as sleep } from 'node:timers/promises';
import { lastLines, type RemoteShell } from '../../../clients/ssh/remote-shell.js';
import { environmentError } from '../../../lib/errors.js';
import { readFirstBoot } from './first-boot.js';
import { ON_DROPLET } from './places.js';

/**
 * Prints the input of {@link readFirstBoot}. Every cloud-init supports `status --long`. It runs first,
 * because the files exist before it reports the end.
 */
const LOOK = `
cloud-init status --long 2>&1 || true
printf 'marker='; cat ${ON_DROPLET.marker} 2>/dev/null | tr -d '\\n'; echo
printf 'failure='; cat ${ON_DROPLET.failure} 2>/dev/null | tr '\\n' ' '; echo`;

/** Runs the kit's own script again, which can be repeated. Does nothing when there is none. */
const MEND =
  '[ ! -x /usr/local/sbin/clusterkit-first-boot ] || /usr/local/sbin/clusterkit-first-boot';

const TAIL = `tail -n 20 ${ON_DROPLET.log} 2>/dev/null || tail -n 20 /var/log/cloud-init-output.log`;

/**
 * Waits for the end of the first boot: cloud-init has ended, and the kit's script has written its marker,
 * which is its last action. The status of cloud-init is not enough: after an interruption it reports `done`
 * at the next boot, although the rest never ran. Then this runs the kit's script. It also does so when the
 * script had failed before the first check, because the reason may be gone.
 *
 * @throws KitError (exit 3) `first-boot-failed`, `first-boot-cut`, `first-boot-late`, each with the
 * failing step and the end of its log
 */
export async function awaitFirstBoot(
  shell: RemoteShell,
  wait: {
    /** Marker that the first boot writes at its end. @default - any text */
    readonly marker?: string;
    /** Timeout, which includes the installation of packages. @default 600000 */
    readonly deadlineMs?: number;
    /** Pause between two checks. @default 1000 */
    readonly pauseMs?: number;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<void> {
  const { marker, deadlineMs = 600_000, pauseMs = 1000, signal } = wait;
  const deadline = Date.now() + deadlineMs;
  for (let isMended = false, looks = 0; ; looks += 1) {
    const { stdout } = await shell.run(['sh', '-c', LOOK], { signal });
    const boot = readFirstBoot(stdout, marker);
    if (boot.stage === 'done') return;
    const isEarlier = boot.stage === 'failed' && looks === 0;
    if ((boot.stage === 'cut' || isEarlier) && !isMended) {
      isMended = true;
      await shell.run(['sh', '-c', MEND], { timeoutMs: deadlineMs, signal });
      continue;
    }
    if (boot.stage === 'failed' || boot.stage === 'cut') throw await failure(shell, boot);
    if (Date.now() > deadline) {
      throw await failure(shell, { stage: 'late', detail: `no end within ${deadlineMs / 1000} s` });
    }
    await sleep(pauseMs, undefined, { signal });
  }
}

const MESSAGES = {
  failed: 'the first boot of the droplet failed',
  cut: 'the first boot of the droplet was interrupted',
  late: 'the first boot of the droplet does not end',
} as const;

async function failure(
  shell: RemoteShell,
  { stage, detail }: { readonly stage: keyof typeof MESSAGES; readonly detail: string },
) {
  const { stdout, stderr } = await shell.run(['sh', '-c', TAIL]);
  return environmentError(`first-boot-${stage}`, {
    path: shell.address,
    message: `${MESSAGES[stage]}: ${detail}`,
    hint: `Run the command again once the reason is gone. Last lines of its log:\n${lastLines(stdout + stderr)}`,
  });
}
