import type { ServiceName } from '../storage-gate.js';

/** Measures the schemas of services in a database. */
export interface UsageSource {
  /**
   * Bytes that the data of a service takes, with its indexes; 0 when there is none. Databases keep
   * the room of deleted rows for new ones, so that what has room beyond `capBytes` is measured row
   * by row.
   * @throws when the database does not answer in time
   */
  of(service: ServiceName, capBytes: number): Promise<number>;
  close(): Promise<void>;
}

/** A measurement that takes longer has failed. */
export const MEASURE_TIMEOUT_MS = 5_000;
