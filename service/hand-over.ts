import { environmentError, usageError } from '../lib/errors.js';
import { type Access, MANAGEMENT_SECRET } from '../prisma/client-variables.js';
import { Unreachable } from '../prisma/probe/management-client.js';
import { readVersion } from '../prisma/probe/read-version.js';
import { expiryOf, type Grant, mintClusterToken } from '../prisma/tokens/cluster-token.js';
import { derivedSecret } from '../prisma/tokens/derived-secret.js';
import type { SecretKind } from '../prisma/tokens/signing-key.js';
import { type ResolvedEntry, resolveEntry } from '../registry/resolve-entry.js';
import { type AuthoritiesContext, extraAuthorities } from './extra-authorities.js';

/** Result of {@link handOver}. */
export interface Handover extends Access {
  readonly kind: SecretKind;
  /** When the token expires, ISO 8601. */
  readonly expires: string;
  /**
   * Variables of the environment to unset: the shared secret of another cluster. CLIs 1.7 and 1.8 would
   * sign with it and ignore the key.
   */
  readonly misleading: readonly string[];
}

/** The registry, the environment and the clock. */
export interface HandoverContext extends AuthoritiesContext {
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

/**
 * Runs `exec` and `env`: reads an entry of the registry and signs a short-lived token for its cluster.
 * Makes no request to the server, unless the shared secret of a key pair is wanted, which not every server accepts.
 *
 * @throws KitError `cluster-unknown`, `secret-missing`, `key-invalid`, `variable-unset`,
 *   `management-secret-unfit` (exit 2); `server-unreachable` (exit 3)
 */
export async function handOver(
  request: {
    /** Name in the registry. */
    readonly cluster: string;
    readonly grants: readonly Grant[];
    readonly ttlSeconds: number;
    /** Include the shared secret itself, for tools that sign tokens. */
    readonly managementSecret: boolean;
  },
  context: HandoverContext,
): Promise<Handover> {
  const { grants, ttlSeconds } = request;
  const entry = await resolveEntry(context.registry, request.cluster, context.env);
  const managementSecret = request.managementSecret
    ? await sharedSecretOf(entry, context.signal)
    : undefined;
  const now = context.now();
  const token = await mintClusterToken({ clusterSecret: entry.secret, grants, ttlSeconds, now });
  return {
    cluster: entry.name,
    endpoint: entry.host,
    token,
    managementSecret,
    certificateFile: await extraAuthorities(entry, context),
    kind: entry.kind,
    expires: expiryOf(now, ttlSeconds),
    misleading: isMisleading(entry, context.env[MANAGEMENT_SECRET]) ? [MANAGEMENT_SECRET] : [],
  };
}

/** Another secret than the one that {@link sharedSecretOf} gives. */
const isMisleading = ({ kind, secret }: ResolvedEntry, found: string | undefined): boolean =>
  found !== undefined && found !== (kind === 'secret' ? secret : derivedSecret(secret)).reveal();

async function sharedSecretOf(entry: ResolvedEntry, signal: AbortSignal) {
  const { name, kind, secret, host, trust } = entry;
  if (kind === 'secret') return secret;
  const server = await readVersion(host, { trust, signal }).catch((cause: unknown) => {
    signal.throwIfAborted();
    if (!(cause instanceof Unreachable || cause instanceof TypeError)) throw cause;
    throw unreachable(entry, cause.message);
  });
  if (server === undefined) throw unreachable(entry, 'not a Prisma 1 server');
  if (server.derivedSecret) return derivedSecret(secret);
  throw usageError('management-secret-unfit', {
    path: '--management-secret',
    message: `cluster '${name}' has a key pair, not a shared secret: with ${MANAGEMENT_SECRET} a CLI signs HS256, and the server requires RS256`,
    hint: 'Omit it: the token in PRISMA_CLUSTER_TOKEN is signed with the key.',
  });
}

const unreachable = ({ name, host }: ResolvedEntry, message: string) =>
  environmentError('server-unreachable', {
    path: `${name} (${host})`,
    message: `its server must say whether it accepts a shared secret: ${message}`,
    hint: 'Start it (clusterkit up), or omit --management-secret.',
  });
