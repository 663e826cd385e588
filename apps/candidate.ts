import type { AppSettings } from '../cluster/settings/apps/settings.js';
import type { Problem } from '../lib/errors.js';
import type { Secret } from '../lib/secret.js';
import { type AppsDocument, currentRelease } from './document/document.js';
import type { Instance } from './instances/find-instances.js';
import { revisionOf } from './revision.js';
import type { NamedService } from './service-endpoint.js';

/** An application as its settings want it, and everything that was read for it. */
export interface Candidate {
  readonly app: AppSettings;
  readonly secrets: Readonly<Record<string, Secret>>;
  readonly service?: UsedService | undefined;
  /** Digest of its source, or the id of its image where that is known. */
  readonly source: string;
  /** `undefined`: secrets are missing, so nobody knows. */
  readonly revision: string | undefined;
  /** One for each secret that is not here. */
  readonly missing: readonly Problem[];
}

/** The service that an application uses. */
export interface UsedService extends NamedService {
  /** @default - none is known */
  readonly secret?: Secret | undefined;
}

/** Adds the revision to what was read. @param key of the cluster */
export function candidate(key: Secret, read: Omit<Candidate, 'revision'>): Candidate {
  const { app, secrets, service, source, missing } = read;
  if (missing.length > 0) return { ...read, revision: undefined };
  const values = Object.fromEntries(
    Object.entries(secrets).map(([name, value]) => [name, value.reveal()]),
  );
  const used = service && [service.name, service.stage, service.secret?.reveal()];
  return { ...read, revision: revisionOf(key, { settings: app, source, values, used }) };
}

/**
 * What a deployment would do. `held`: a rollback has left exactly this. `unknown`: it is deployed, and its secrets
 * are not here to compare. `restore`: its containers are not as they should be.
 */
export type Change = 'create' | 'update' | 'restore' | 'none' | 'held' | 'unknown';

/** Compares an application to what is deployed. @param instances of the cluster */
export function changeOf(
  document: AppsDocument,
  { app: { name }, revision }: Pick<Candidate, 'app' | 'revision'>,
  instances: readonly Instance[],
): Change {
  const current = currentRelease(document, name);
  if (current === undefined) return 'create';
  const isWhole = current.instances.every((instance) => isKept(current.kind, instance, instances));
  if (revision === undefined) return isWhole ? 'unknown' : 'restore';
  if (document.apps[name]?.held === revision) return isWhole ? 'held' : 'restore';
  if (revision !== current.revision) return 'update';
  return isWhole ? 'none' : 'restore';
}

/** An instance is as it should be: a function's need not run. */
function isKept(kind: AppSettings['kind'], name: string, instances: readonly Instance[]): boolean {
  const found = instances.find((each) => each.name === name);
  if (found === undefined) return false;
  return kind === 'function' || ['running', 'restarting'].includes(found.state);
}
