import type { TestCertificate } from '../../certificates.js';
import type { DatabaseEngine } from './catalog/databases.js';

/** What a runtime needs to make a managed database. */
export interface DatabaseSpec {
  readonly id: string;
  readonly engine: DatabaseEngine;
  /** Of `doadmin`. */
  readonly password: string;
  /**
   * Addresses that may connect, in force before anything listens. Empty: nobody. `undefined`: everybody.
   */
  readonly sources: readonly string[] | undefined;
  /** A certificate of the account's authority. */
  issue(names: readonly string[]): Promise<TestCertificate>;
}

/** Where a managed database answers in its private network. */
export interface DatabaseAddress {
  readonly host: string;
  readonly port: number;
}

/** What plays the managed databases behind the API. Calls for one database never overlap. */
export interface DatabaseRuntime {
  create(spec: DatabaseSpec): Promise<DatabaseAddress>;
  /** With its data. An unknown id is fine. */
  destroy(id: string): Promise<void>;
  /** Replaces all sources. */
  trust(id: string, sources: readonly string[] | undefined): Promise<void>;
  /** `CREATE DATABASE`. */
  createDb(id: string, name: string): Promise<void>;
}

const done = async (): Promise<void> => {};

/** Databases that are not there. */
export const noDatabases: DatabaseRuntime = {
  create: async ({ id }) => ({ host: `private-${id}.db.example`, port: 25060 }),
  destroy: done,
  trust: done,
  createDb: done,
};
