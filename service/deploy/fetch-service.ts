import { setTimeout as sleep } from 'node:timers/promises';
import { AbortError } from 'p-retry';
import { environmentError, KitError } from '../../lib/errors.js';
import { retryUntil } from '../../lib/retry-until.js';
import type { Generation } from '../../prisma/generation.js';
import { type Asking, askService, type ServiceState } from '../../prisma/probe/ask-service.js';
import { clockError } from '../../prisma/probe/clock.js';
import { probeOnce } from '../../registry/probe-entry.js';
import type { ResolvedEntry } from '../../registry/resolve-entry.js';

/** A server that answers, requires authentication and accepts our secret. */
export interface Server {
  readonly version: string;
  readonly generation: Generation;
  readonly behindGateway: boolean;
  /** It accepts the key pair, and the secret derived from it. */
  readonly derivedSecret: boolean;
}

/** Clock, and the signal that ends requests. */
export type RequestContext = Asking;

const UNCLEAR_MS = 5000;
const UNCLEAR_PAUSE_MS = 500;

/**
 * Verifies the server before the CLI connects to it. When a server is offline, CLIs start a server of
 * their own, write a docker-compose.yml, or try to log in to the hosted cloud, which no longer exists.
 *
 * @throws KitError `server-unreachable`, `server-open`, `key-refused`, `auth-unclear`,
 *   `version-unknown` (exit 3)
 */
export async function requireServer(
  entry: ResolvedEntry,
  context: RequestContext,
): Promise<Server> {
  const { host, trust, secret: clusterSecret } = entry;
  const health = await clearHealth({ host, trust, clusterSecret }, context);
  const { online, auth, version, generation, gateway, message: words, refusal, clock } = health;
  if (refusal !== undefined) {
    throw environmentError(refusal.code, {
      path: `${entry.name} (${entry.host})`,
      message: words ?? 'its certificate is not trusted',
      hint: `${refusal.hint} Nothing was deployed.`,
    });
  }
  if (auth === 'refused' && clock !== undefined) {
    throw clockError(`${entry.name} (${entry.host})`, clock, ' Nothing was deployed.');
  }
  if (!online || version === null || auth !== 'ok') {
    const { code, message, hint } = online ? REASONS[auth] : OFFLINE;
    throw environmentError(code, {
      path: `${entry.name} (${entry.host})`,
      message: message + (words === undefined ? '' : ` (${words})`),
      hint: `${hint} Nothing was deployed.`,
    });
  }
  if (generation !== null) {
    const derivedSecret = health.derivedSecret === true && entry.kind === 'rsa';
    return { version, generation, behindGateway: gateway !== undefined, derivedSecret };
  }
  throw environmentError('version-unknown', {
    path: `${entry.name} (${entry.host})`,
    message: `it reports version ${version}, which is not a version of Prisma 1`,
  });
}

/** A server whose database is busy answers neither yes nor no: it is asked again, for a short time. */
async function clearHealth(probe: Parameters<typeof probeOnce>[0], context: RequestContext) {
  const startedAt = performance.now();
  for (;;) {
    const health = await probeOnce(probe, context);
    const isClear = !health.online || !['unclear', 'unknown'].includes(health.auth);
    if (isClear || performance.now() - startedAt > UNCLEAR_MS) return health;
    await sleep(UNCLEAR_PAUSE_MS, undefined, { signal: context.signal });
  }
}

/** {@link fetchService}, asked again for a short time while the answer is unclear. */
export function fetchServicePatiently(
  ...given: Parameters<typeof fetchService>
): Promise<ServiceState | undefined> {
  const { signal } = given[4];
  return retryUntil(
    () =>
      fetchService(...given).catch((error: unknown) => {
        if (error instanceof KitError && error.code === 'server-silent') throw error;
        throw new AbortError(error as Error);
      }),
    { timeoutMs: UNCLEAR_MS, signal },
  );
}

/** State of a service on the server; `undefined`: it does not exist. @throws KitError `server-silent` */
export async function fetchService(
  entry: ResolvedEntry,
  { generation }: Server,
  service: string,
  stage: string,
  { now, signal }: RequestContext,
): Promise<ServiceState | undefined> {
  const { host, trust, secret: clusterSecret } = entry;
  const place = { host, trust, service, stage };
  return askService(place, { generation, clusterSecret }, { now, signal }).catch(
    (cause: unknown) => {
      signal.throwIfAborted();
      throw silent(entry, cause instanceof Error ? cause.message : String(cause));
    },
  );
}

const silent = ({ name, host }: ResolvedEntry, words: string) =>
  environmentError('server-silent', {
    path: `${name} (${host})`,
    message: `the server did not return the service's state: ${words}`,
    hint: `Check its status: clusterkit cluster list`,
  });

const OFFLINE = {
  code: 'server-unreachable',
  message: 'no Prisma 1 server answers',
  hint: 'Start it (clusterkit up), or correct its address in the registry.',
};
const UNCLEAR = {
  code: 'auth-unclear',
  message: 'it neither accepts nor rejects the secret of the registry',
  hint: 'Its database may be unreachable.',
};
const REASONS = {
  ok: UNCLEAR,
  unclear: UNCLEAR,
  unknown: UNCLEAR,
  open: {
    code: 'server-open',
    message: 'the server accepts requests without the cluster’s secret',
    hint: 'Enable authentication first: clusterkit doctor shows how.',
  },
  refused: {
    code: 'key-refused',
    message: 'the server rejects the secret of the registry',
    hint: 'It uses another one: clusterkit doctor shows the details.',
  },
};
