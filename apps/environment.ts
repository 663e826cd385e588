import type { AppSettings } from '../cluster/settings/apps/settings.js';
import type { Secret } from '../lib/secret.js';

/** What an application receives from the cluster. */
export interface FromCluster {
  /** Address of its service in the cluster's network. @default - it uses none */
  readonly endpoint?: string | undefined;
  /** Secret of its service. @default - the service has none */
  readonly serviceSecret?: Secret | undefined;
  /** Address of the database with login. @default - it does not use the database */
  readonly databaseUrl?: Secret | undefined;
}

/** Name of the variable with the secret of a service. */
export const SERVICE_SECRET = 'PRISMA_SECRET';

/** The variables of an application, and the names of those that are secret. */
export interface AppEnvironment {
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
}

/**
 * The variables of an application: those of the cluster, its own, and its secrets. What the user sets wins over
 * `PRISMA_SECRET`; the others cannot be set by the user.
 */
export function environmentOf(
  { port, env }: Pick<AppSettings, 'port' | 'env'>,
  own: Readonly<Record<string, Secret>>,
  { endpoint, serviceSecret, databaseUrl }: FromCluster,
): AppEnvironment {
  const secrets: Readonly<Record<string, Secret>> = {
    ...(serviceSecret && { [SERVICE_SECRET]: serviceSecret }),
    ...(databaseUrl && { DATABASE_URL: databaseUrl }),
    ...own,
  };
  return {
    environment: {
      ...(port !== undefined && { PORT: String(port) }),
      ...(endpoint !== undefined && { PRISMA_ENDPOINT: endpoint }),
      ...env,
      ...Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name, value.reveal()])),
    },
    secrets: Object.keys(secrets),
  };
}
