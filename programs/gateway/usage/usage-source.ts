import type { Measured, ServiceName } from '../storage-gate.js';

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
  close(): Promise<void>;
}

/** The service of a schema; `undefined` when the schema belongs to none. */
export function serviceOf(schema: string, separator: '$' | '@'): ServiceName | undefined {
  const at = schema.lastIndexOf(separator);
  if (at <= 0 || at === schema.length - 1) return undefined;
  return { service: schema.slice(0, at), stage: schema.slice(at + 1) };
}

/** Time limit of a measurement. */
export const MEASURE_TIMEOUT_MS = 5_000;
