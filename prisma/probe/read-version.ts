import { type Generation, generationOf } from '../generation.js';
import { askManagement, type ManagementPath, type ManagementQuery } from './management-client.js';

/** What a server tells about itself to anybody. */
export interface ServerVersion {
  readonly version: string;
  /** `undefined` when the version is none of Prisma 1. */
  readonly generation: Generation | undefined;
  /** The path its management API answers on. */
  readonly path: ManagementPath;
  /** Version of the gateway before it. @default - there is none */
  readonly gateway?: string;
}

/**
 * The version of the server at `host`: needs no token and proves nothing about keys.
 * Generation B and C answer `serverInfo` on `/management`, A only `clusterInfo` on `/cluster`.
 *
 * @returns `undefined` when something answers but is no Prisma 1 server.
 * @throws Unreachable
 */
export async function readVersion(
  host: string,
  { timeoutMs, signal, trust }: Pick<ManagementQuery, 'timeoutMs' | 'signal' | 'trust'> = {},
): Promise<ServerVersion | undefined> {
  const ask = async (path: ManagementPath, field: 'serverInfo' | 'clusterInfo') => {
    const query = `{ ${field} { version } }`;
    const reply = await askManagement({
      host,
      path,
      query,
      signal,
      trust,
      ...(timeoutMs && { timeoutMs }),
    });
    const info = reply.data?.[field] as { version?: unknown } | null | undefined;
    if (typeof info?.version !== 'string') return undefined;
    const { gateway } = reply;
    return {
      ...{ version: info.version, generation: generationOf(info.version), path },
      ...(gateway !== undefined && { gateway }),
    };
  };
  return (await ask('/management', 'serverInfo')) ?? (await ask('/cluster', 'clusterInfo'));
}
