import type Docker from 'dockerode';
import { type ContainerRole, objectName } from '../../cluster/names.js';
import { redact, type Secret } from '../../lib/secret.js';
import type { Machine } from '../machine.js';

/** Evidence about an unhealthy container, from its engine. */
export interface ContainerEvidence {
  /** Why it will not become healthy, or `undefined`. @throws while its engine is out of reach */
  readonly whyHopeless: () => Promise<string | undefined>;
  /** The end of its log, without secrets; or why there is none. */
  readonly evidence: () => Promise<string>;
  /** Restarts it. */
  readonly restart: () => Promise<void>;
  /** Closes the opened machines. */
  readonly close: () => Promise<void>;
}

/**
 * Evidence about a cluster's container, from the engine that runs it. Connects to the engines, and loads the
 * code for that, only when something is not healthy.
 */
export function containerEvidence(props: {
  readonly cluster: string;
  readonly role: ContainerRole;
  /** Opens the machines of the cluster. */
  readonly machines: () => Promise<readonly Machine[]>;
  /** Secrets to redact from the log. */
  readonly secrets: readonly Secret[];
}): ContainerEvidence {
  let opened: Promise<readonly Machine[]> | undefined;
  const close = async () => {
    const last = opened;
    opened = undefined;
    for (const machine of (await last?.catch(() => [])) ?? []) machine.close();
  };
  const container = async () => {
    opened ??= props.machines();
    try {
      return await find(await opened, objectName(props.cluster, props.role));
    } catch (error) {
      // A machine may be booting: the next attempt opens a new connection.
      await close();
      throw error;
    }
  };
  return {
    whyHopeless: async () => {
      const { whyStopped } = await import('../../clients/docker/container-log.js');
      return whyStopped(await container());
    },
    evidence: async () => {
      const { logTail } = await import('../../clients/docker/container-log.js');
      try {
        return redact(await logTail(await container()), props.secrets);
      } catch (error) {
        return `(no log: ${error instanceof Error ? error.message : error})`;
      }
    },
    restart: async () => {
      await (await container()).restart();
    },
    close,
  };
}

/** The container on the machine that has it; on the first machine when none has. */
async function find(machines: readonly Machine[], name: string): Promise<Docker.Container> {
  const [first, ...others] = machines;
  if (first === undefined) throw new Error('the cluster has no machine');
  await first.engine.ping();
  for (const { engine } of others) {
    const filters = { name: [`^/${name}$`] };
    const found = await engine.listContainers({ all: true, filters });
    if (found.length > 0) return engine.getContainer(name);
  }
  return first.engine.getContainer(name);
}
