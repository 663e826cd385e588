import { AbortError } from 'p-retry';
import type { AppSettings } from '../cluster/settings/apps/settings.js';
import type { ClusterSettings } from '../cluster/settings/settings.js';
import { environmentError, type KitError, usageError } from '../lib/errors.js';
import { retryUntil } from '../lib/retry-until.js';
import { requireGeneration } from '../prisma/generation.js';
import {
  type Asking,
  askService,
  askServiceApi,
  type ServicePlace,
} from '../prisma/probe/ask-service.js';
import { clockError } from '../prisma/probe/clock.js';
import { Unreachable } from '../prisma/probe/unreachable.js';
import { resolveEntry } from '../registry/resolve-entry.js';
import type { ClusterContext } from '../targets/context.js';
import type { UsedService } from './candidate.js';
import type { NamedService } from './service-endpoint.js';

/** The cluster whose server is asked, by its entry in the registry. */
export interface ServiceHost {
  readonly settings: Pick<ClusterSettings, 'name' | 'server'>;
  readonly context: Pick<ClusterContext, 'registry' | 'env' | 'signal'>;
}

/** Whether a service exists; `error` is for a caller that needs it. */
export type ServiceFound =
  | { readonly exists: true }
  | { readonly exists: false; readonly error: KitError };

/** A server that has just started, or whose database is busy, answers neither yes nor no. */
const SILENT_MS = 10_000;

/**
 * Asks the cluster's server whether it has the service of an application, and whether the service accepts its
 * secret. Where the API is not reached from this machine, the secret is not checked; an application that uses the
 * database needs none.
 *
 * @param service its secret is missing when nobody knows one
 * @throws KitError `service-secret-missing`, `service-secret-wrong` (exit 2), `server-silent`, `clock-differs`
 *   (exit 3), and those of the registry entry
 */
export async function serviceCheck(
  { settings, context }: ServiceHost,
  app: Pick<AppSettings, 'name' | 'database'>,
  service: UsedService,
  silentMs = SILENT_MS,
): Promise<ServiceFound> {
  const { registry, env, signal } = context;
  const entry = await resolveEntry(registry, settings.name, env);
  const asking: Asking = { now: () => new Date(), signal };
  const place: ServicePlace = {
    ...{ host: entry.host, trust: entry.trust, service: service.name, stage: service.stage },
  };
  const path = `clusters.${settings.name}.apps.${app.name}.service`;
  const asked = `${service.name}/${service.stage} on ${settings.name} (${entry.host})`;
  const patiently = <T>(work: () => Promise<T>) =>
    retryUntil(() => work().catch(onlyUnreachable), { timeoutMs: silentMs, signal }).catch(
      (cause: unknown) => {
        signal.throwIfAborted();
        if (!(cause instanceof Unreachable)) throw cause;
        throw environmentError('server-silent', {
          ...{ path: asked, message: `the server gives no clear answer: ${cause.message}`, cause },
          hint: `Check its status: clusterkit status ${settings.name}`,
        });
      },
    );
  const state = await patiently(() =>
    askService(
      place,
      { generation: requireGeneration(settings.server.version), clusterSecret: entry.secret },
      asking,
    ),
  );
  if (state === undefined) return { exists: false, error: absent(path, service, settings.name) };
  // It may want the tables only.
  if (service.secret === undefined && app.database !== undefined) return { exists: true };
  const answer = await patiently(() => askServiceApi(place, service.secret, asking));
  if (answer.kind !== 'refused') return { exists: true };
  if (service.secret && answer.clock !== undefined) throw clockError(asked, answer.clock);
  throw service.secret ? wrong(path, service) : missing(path, service);
}

function onlyUnreachable(error: unknown): never {
  throw error instanceof Unreachable ? error : new AbortError(error as Error);
}

const absent = (path: string, { name, stage }: NamedService, cluster: string): KitError =>
  usageError('service-absent', {
    path,
    message: `is ${name}/${stage}, which the cluster's server does not have`,
    hint: `Deploy it first: clusterkit deploy --cluster ${cluster}, in the directory of its prisma.yml; or let the application do it with \`release\`.`,
  });

const missing = (path: string, { name, stage }: NamedService): KitError =>
  usageError('service-secret-missing', {
    path,
    message: `the service ${name}/${stage} requires a token, and its secret is not known`,
    hint: 'Add PRISMA_SECRET to the secrets of the application; or set service: { directory: … } to the directory of its prisma.yml.',
  });

const wrong = (path: string, { name, stage }: NamedService): KitError =>
  usageError('service-secret-wrong', {
    path,
    message: `the service ${name}/${stage} does not accept the secret that the application would get`,
    hint: 'Set PRISMA_SECRET, or the variable in prisma.yml, to the secret that the service was deployed with; or deploy the service again.',
  });
