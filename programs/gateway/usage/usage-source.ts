import type { Measured, ServiceName } from '../storage/storage-gate.js';

/** A deployed service, and the secrets of its API; without any, its API is open. */
export interface DeployedService extends ServiceName {
  readonly secrets: readonly string[];
}

/** Measures the schemas of services in a database. */
export interface UsageSource {
  /**
   * Bytes of a service's data; 0 when there is none. Databases keep the room of deleted rows for
   * new ones, so the result is the room on the disk when that is less than `exactFromBytes`, and
   * otherwise the size of the rows, which needs a full scan.
   * @throws when the database does not answer in time
   */
  of(service: ServiceName, exactFromBytes: number): Promise<Measured>;
  /**
   * The services in the database by name, `most` at the most.
   * @throws when the database does not answer in time
   */
  services(most: number): Promise<ServiceName[]>;
  /**
   * All deployed services, `most` at the most, from the server's own tables.
   * @throws when the database does not answer in time, or has no such tables
   */
  deployed(most: number): Promise<DeployedService[]>;
  close(): Promise<void>;
}

/** A row of the server's table of services. Upstream calls them projects. */
export interface ProjectRow {
  readonly id: string;
  /** JSON. */
  readonly secrets: string | null;
}

/** The names of that table: on upstream's servers, and on the bundled one. */
export const PROJECT_TABLES = ['Project', 'project'] as const;

/** @throws when a row is none of a server */
export function deployedService(
  { id, secrets }: ProjectRow,
  separator: '$' | '@',
): DeployedService[] {
  const name = serviceOf(id, separator);
  return name === undefined ? [] : [{ ...name, secrets: JSON.parse(secrets ?? '[]') }];
}

/** The service of a schema; `undefined` when the schema belongs to none. */
export function serviceOf(schema: string, separator: '$' | '@'): ServiceName | undefined {
  const at = schema.lastIndexOf(separator);
  if (at <= 0 || at === schema.length - 1) return undefined;
  return { service: schema.slice(0, at), stage: schema.slice(at + 1) };
}

/** Time limit of a measurement. */
export const MEASURE_TIMEOUT_MS = 5_000;
