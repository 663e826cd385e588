import type { Engine } from '../../../clients/docker/connect.js';
import { type ContainerRole, objectName } from '../../../cluster/names.js';
import { redact, type Secret } from '../../../lib/secret.js';
import type { StageInput } from './input.js';

/** What an engine knows of a part of a cluster that is not well. */
export interface ServerEvidence {
  /** Why waiting for it is in vain. @throws while its engine is out of reach */
  readonly whyHopeless: () => Promise<string | undefined>;
  /** The tail of its log, without secrets; or why there is none. */
  readonly evidence: () => Promise<string>;
  /** Stops it and starts it again. */
  readonly restart: () => Promise<void>;
  /** Ends the connection to its droplet, if there is one. */
  readonly close: () => Promise<void>;
}

/** An engine, and what ends the way to it. */
interface OpenEngine {
  readonly engine: Engine;
  readonly close: () => void;
}

/**
 * Evidence of a cluster's server, from the engine that runs it: this machine's or its droplet's. It is
 * asked, and the code for that loaded, only when something is not well.
 *
 * @param secrets that the log must not show
 * @param role another part than the server
 */
export function serverEvidence(
  input: Pick<StageInput<'register'>, 'cluster' | 'target' | 'keyDirectory'>,
  secrets: readonly Secret[],
  signal?: AbortSignal,
  role: ContainerRole = 'server',
): ServerEvidence {
  const open = () =>
    input.target === 'docker' ? openHere() : openOnDroplet(input.keyDirectory, signal);
  let opened: Promise<OpenEngine> | undefined;
  const close = async () => {
    const last = opened;
    opened = undefined;
    (await last?.catch(() => undefined))?.close();
  };
  const server = async () => {
    opened ??= open();
    try {
      const { engine } = await opened;
      await engine.ping();
      return engine.getContainer(objectName(input.cluster, role));
    } catch (error) {
      // A droplet may be booting: the next look takes a way of its own.
      await close();
      throw error;
    }
  };
  return {
    whyHopeless: async () => {
      const { whyStopped } = await import('../../../clients/docker/why-stopped.js');
      return whyStopped(await server());
    },
    evidence: async () => {
      const { logTail } = await import('../../../clients/docker/container-log.js');
      try {
        return redact(await logTail(await server()), secrets);
      } catch (error) {
        return `(no log: ${error instanceof Error ? error.message : error})`;
      }
    },
    restart: async () => {
      await (await server()).restart();
    },
    close,
  };
}

async function openHere(): Promise<OpenEngine> {
  const { connectEngine } = await import('../../../clients/docker/connect.js');
  return { engine: await connectEngine(), close: () => {} };
}

async function openOnDroplet(
  keyDirectory: string,
  signal: AbortSignal | undefined,
): Promise<OpenEngine> {
  const { engineOf, openDroplet } = await import('../../droplet/engines.js');
  const connection = await openDroplet(keyDirectory, signal);
  try {
    return { engine: await engineOf(connection, 5000), close: () => connection.close() };
  } catch (error) {
    connection.close();
    throw error;
  }
}
