import { type Generation, generationOf } from '../generation.js';
import { askManagement, type ManagementPath, type ManagementQuery } from './management-client.js';

/** What a server reports without authentication. */
export interface ServerVersion {
  readonly version: string;
  /** `undefined` when the version is not one of Prisma 1. */
  readonly generation: Generation | undefined;
  /** Path of its management API. */
  readonly path: ManagementPath;
  /** Version of the gateway before the server. @default - there is none */
  readonly gateway?: string;
  /** It says that it also accepts the secret derived from its key pair. */
  readonly derivedSecret?: true;
}

/**
 * The version of the server at `host`. Needs no token, and verifies none.
 * Generation B and C answer `serverInfo` on `/management`, A only `clusterInfo` on `/cluster`.
 *
 * @returns `undefined` when something answers that is not a Prisma 1 server
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
    const { gateway, derivedSecret } = reply;
    return {
      ...{ version: info.version, generation: generationOf(info.version), path },
      ...(gateway !== undefined && { gateway }),
      ...(derivedSecret && { derivedSecret }),
    };
  };
  return (await ask('/management', 'serverInfo')) ?? (await ask('/cluster', 'clusterInfo'));
}
