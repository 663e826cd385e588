import { get } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 250;
const TRY_MS = 5_000;
/** Failures that are to be expected while a process starts. */
const PATIENT_TRIES = 4;

/** Where an instance listens, and how it tells that it can serve. */
export interface ReadyCheck {
  readonly host: string;
  readonly port: number;
  /** Path that answers with less than 400. @default - the port accepts connections */
  readonly health?: string | null | undefined;
}

/**
 * Waits until an instance can serve; rejects when the signal aborts.
 * @param onDelay called when it takes longer
 */
export async function awaitReady(
  check: ReadyCheck,
  signal: AbortSignal,
  onDelay: () => void,
): Promise<void> {
  for (let tries = 1; ; tries++) {
    signal.throwIfAborted();
    if (await (check.health ? answers(check, signal) : accepts(check, signal))) return;
    if (tries >= PATIENT_TRIES) onDelay();
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (tries - 1));
    await sleep(pause, undefined, { signal });
  }
}

function accepts({ host, port }: ReadyCheck, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, signal, timeout: TRY_MS });
    const end = (isOpen: boolean) => {
      resolve(isOpen);
      socket.destroy();
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.on('error', () => end(false));
  });
}

function answers({ host, port, health }: ReadyCheck, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const asking = get(
      { host, port, path: health, signal, agent: false, timeout: TRY_MS },
      (answer) => {
        resolve((answer.statusCode ?? 500) < 400);
        asking.destroy();
      },
    );
    asking.once('timeout', () => asking.destroy());
    asking.on('error', () => {});
    asking.once('close', () => resolve(false));
  });
}
