import pLimit from 'p-limit';
import type { Secret } from '../lib/secret.js';
import { withoutSecrets } from '../lib/secret-shapes.js';
import { timeLimit } from '../lib/time-limit.js';
import type { Generation } from '../prisma/generation.js';
import { type CertificateCode, CertificateRefused } from '../prisma/probe/certificate-refused.js';
import { Unreachable } from '../prisma/probe/management-client.js';
import { type AuthFindings, probeAuth } from '../prisma/probe/probe-auth.js';
import { readVersion } from '../prisma/probe/read-version.js';
import type { ServerTrust } from '../prisma/probe/server-trust.js';
import {
  type ForeignCredentials,
  foreignTokens,
  newForeignCredentials,
} from '../prisma/tokens/foreign-credentials.js';
import { ownTokens } from '../prisma/tokens/own-tokens.js';
import { knownTrust } from './entry-trust.js';

/** Health of a registered server. */
export interface EntryHealth {
  /** It answered as a Prisma 1 server does. */
  readonly online: boolean;
  readonly version: string | null;
  readonly generation: Generation | null;
  /** Version of the gateway in front of it. @default - there is none */
  readonly gateway?: string;
  /** It says that it also accepts the secret derived from its key pair; with `auth: ok` it does. */
  readonly derivedSecret?: true;
  /** `unknown`: no request was made, or it did not answer. */
  readonly auth: AuthFindings['state'] | 'unknown';
  /** Milliseconds to the first response. */
  readonly latencyMs: number | null;
  /** Why it is offline, or the server's own message. */
  readonly message?: string;
  /** Why it may refuse the secret although it is right: see `AuthFindings`. */
  readonly clock?: string;
  /** It answers, but its certificate is not trusted, so nothing was sent. @default - trusted */
  readonly refusal?: { readonly code: CertificateCode; readonly hint: string };
}

/** Input of {@link probeEntry}. */
export interface EntryProbe {
  readonly host: string;
  /** Certificate to trust an https server by. @default - public authorities */
  readonly trust?: ServerTrust | undefined;
  readonly clusterSecret?: Secret | undefined;
  readonly foreignCredentials: ForeignCredentials;
  readonly now: Date;
  /** Ends all requests. */
  readonly signal: AbortSignal;
}

const TTL_SECONDS = 60;

/**
 * Asks a server for its version, and sends requests without credentials, with foreign credentials and
 * with the entry's own secret.
 */
export async function probeEntry(probe: EntryProbe): Promise<EntryHealth> {
  const { host, trust, clusterSecret, foreignCredentials, now, signal } = probe;
  const startedAt = performance.now();
  try {
    const server = await readVersion(host, { signal, trust });
    const latencyMs = Math.round(performance.now() - startedAt);
    if (server === undefined) return { ...OFFLINE, message: 'not a Prisma 1 server' };
    const { version, generation = null, path, gateway, derivedSecret } = server;
    const signing = { ttlSeconds: TTL_SECONDS, now };
    const own =
      clusterSecret && (await ownTokens({ now, clusterSecret }, server).catch(() => undefined));
    const findings = await probeAuth({
      host,
      trust,
      path,
      ...(own ?? { ownToken: undefined }),
      foreignTokens: await foreignTokens({ ...signing, foreignCredentials, clusterSecret }),
      signal,
    }).catch(unclearAnswer);
    const { state: auth, message, clock } = findings;
    return {
      ...{ online: true, version, generation, auth, latencyMs },
      ...(gateway !== undefined && { gateway }),
      ...(derivedSecret && { derivedSecret }),
      ...(message && { message: withoutSecrets(message) }),
      ...(clock !== undefined && { clock }),
    };
  } catch (error) {
    if (error instanceof CertificateRefused) {
      const { code, hint, message } = error;
      return { ...OFFLINE, message, refusal: { code, hint } };
    }
    if (error instanceof Unreachable) return { ...OFFLINE, message: error.message };
    if (error instanceof TypeError) return { ...OFFLINE, message: `'${host}' is not a URL` };
    throw error;
  }
}

/** The server has told its version, so it is there: a later answer that is none leaves open whom it accepts. */
function unclearAnswer(
  error: unknown,
): Pick<AuthFindings, 'state' | 'message'> & { readonly clock?: string } {
  if (!(error instanceof Unreachable) || error instanceof CertificateRefused) throw error;
  return { state: 'unclear', message: error.message };
}

const ONE_MS = 10_000;

/** {@link probeEntry} of one server, with its own timeout. */
export async function probeOnce(
  probe: Pick<EntryProbe, 'host' | 'trust' | 'clusterSecret'>,
  { now, signal }: { readonly now: () => Date; readonly signal: AbortSignal },
): Promise<EntryHealth> {
  const health = await probeEntry({
    ...probe,
    foreignCredentials: await newForeignCredentials(),
    now: now(),
    signal: timeLimit(ONE_MS, signal),
  });
  signal.throwIfAborted();
  return health;
}

/** Health of a server that did not answer. */
export const OFFLINE = {
  online: false,
  version: null,
  generation: null,
  auth: 'unknown',
  latencyMs: null,
} as const;

/** A server to probe: an entry with its variables replaced. */
export type ServerToProbe = { readonly name: string } & Pick<EntryProbe, 'host' | 'clusterSecret'>;

/**
 * Servers that are asked at once. With more, this machine is the slow part, and healthy servers look as if
 * they did not answer.
 */
const AT_ONCE = 32;
/** From the moment at which a server is asked. */
const EACH_MS = 5000;

/** Probes all servers, several at once, each within its own timeout. @returns their health by name */
export async function probeServers(
  servers: readonly ServerToProbe[],
  context: { readonly registry: string; readonly now: () => Date; readonly signal: AbortSignal },
): Promise<ReadonlyMap<string, EntryHealth>> {
  if (servers.length === 0) return new Map();
  const foreignCredentials = await newForeignCredentials();
  const ask = async ({ name, ...server }: ServerToProbe): Promise<[string, EntryHealth]> => {
    if (context.signal.aborted) return [name, OFFLINE];
    const trust = await knownTrust(context.registry, name);
    const signal = timeLimit(EACH_MS, context.signal);
    const probe = { ...server, trust, foreignCredentials, now: context.now(), signal };
    return [name, await probeEntry(probe)];
  };
  const limit = pLimit(AT_ONCE);
  const found = await Promise.all(servers.map((server) => limit(() => ask(server))));
  context.signal.throwIfAborted();
  return new Map(found);
}
