import type { Measured, ServiceName } from '../storage-gate.js';

/** Measures the schemas of services in a database. */
export interface UsageSource {
  /**
   * Bytes that the data of a service takes; 0 when there is none. Databases keep the room of deleted
   * rows for new ones: so the room on the disk is told when it is less than `exactFromBytes`, else
   * what the rows take, which costs a look at each of them.
   * @throws when the database does not answer in time
   */
  of(service: ServiceName, exactFromBytes: number): Promise<Measured>;
  /**
   * The services that have a place in the database, by name, at most so many.
   * @throws when the database does not answer in time
   */
  services(most: number): Promise<ServiceName[]>;
  close(): Promise<void>;
}

/** The service that a schema is of; `undefined` for what is none. */
export function serviceOf(schema: string, separator: '$' | '@'): ServiceName | undefined {
  const at = schema.lastIndexOf(separator);
  if (at <= 0 || at === schema.length - 1) return undefined;
  return { service: schema.slice(0, at), stage: schema.slice(at + 1) };
}

/** A measurement that takes longer has failed. */
export const MEASURE_TIMEOUT_MS = 5_000;
