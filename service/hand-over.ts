import { usageError } from '../lib/errors.js';
import { type Access, MANAGEMENT_SECRET } from '../prisma/client-variables.js';
import { expiryOf, type Grant, mintClusterToken } from '../prisma/tokens/cluster-token.js';
import type { SecretKind } from '../prisma/tokens/signing-key.js';
import { type ResolvedEntry, resolveEntry } from '../registry/resolve-entry.js';
import { type AuthoritiesWorld, extraAuthorities } from './extra-authorities.js';

/** What somebody wants to hand to a tool. */
export interface HandoverWish {
  /** Name in the registry. */
  readonly cluster: string;
  readonly grants: readonly Grant[];
  readonly ttlSeconds: number;
  /** Also the shared secret itself, for tools that sign themselves. */
  readonly managementSecret: boolean;
}

/** What {@link handOver} gives. */
export interface Handover extends Access {
  readonly kind: SecretKind;
  /** When the token expires, ISO 8601. */
  readonly expires: string;
  /**
   * Variables of the environment that would mislead a tool about this cluster: a shared secret that
   * is not the cluster's. CLIs 1.7 and 1.8 sign with it and ignore the key.
   */
  readonly misleading: readonly string[];
}

/** The registry, the environment and the moment. */
export interface HandoverWorld extends AuthoritiesWorld {
  readonly now: () => Date;
}

/**
 * THE STORY of `exec` and `env`: an entry of the registry, whoever made it, and a token of its
 * cluster that soon expires. The server is not asked.
 *
 * @throws KitError `cluster-unknown`, `secret-missing`, `key-invalid`, `variable-unset`,
 *   `management-secret-unfit` (exit 2)
 */
export async function handOver(wish: HandoverWish, world: HandoverWorld): Promise<Handover> {
  const { grants, ttlSeconds } = wish;
  const entry = await resolveEntry(world.registry, wish.cluster, world.env);
  const managementSecret = wish.managementSecret ? sharedSecretOf(entry) : undefined;
  const now = world.now();
  const token = await mintClusterToken({ clusterSecret: entry.secret, grants, ttlSeconds, now });
  return {
    cluster: entry.name,
    endpoint: entry.host,
    token,
    managementSecret,
    certificateFile: await extraAuthorities(entry, world),
    kind: entry.kind,
    expires: expiryOf(now, ttlSeconds),
    misleading: isMisleading(entry, world.env[MANAGEMENT_SECRET]) ? [MANAGEMENT_SECRET] : [],
  };
}

const isMisleading = ({ secret }: ResolvedEntry, found: string | undefined): boolean =>
  found !== undefined && found !== secret.reveal();

function sharedSecretOf({ name, kind, secret }: ResolvedEntry) {
  if (kind === 'secret') return secret;
  throw usageError('management-secret-unfit', {
    path: '--management-secret',
    message: `cluster '${name}' has a key pair, not a shared secret: a CLI that finds ${MANAGEMENT_SECRET} signs HS256 with it, and the server wants RS256`,
    hint: 'Leave it out: the token in PRISMA_CLUSTER_TOKEN is signed with the key.',
  });
}
