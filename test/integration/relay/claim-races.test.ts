import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type OpenDatabase, withDatabase } from '../../../clients/database/open-database.js';
import { claim } from '../../../external-database/check-database.js';
import { readMark } from '../../../external-database/mark.js';
import { KitError } from '../../../lib/errors.js';
import { ExternalDatabase } from '../../support/external-database.js';

const PATH = 'clusters.mine.database.external';
/** Longer than a claim takes that waits for nobody. */
const SOON_MS = 150;

/** A database that does `act` before its query number `at`, and waits for it unless it waits for us. */
function interposed(database: OpenDatabase, at: number, act: () => Promise<unknown>): OpenDatabase {
  let count = 0;
  return {
    ...database,
    async rows<Row>(sql: string, values?: readonly unknown[]) {
      if (count++ === at) await Promise.race([act(), sleep(SOON_MS)]);
      return database.rows<Row>(sql, values);
    },
  };
}

describe.each(['postgres', 'mysql'] as const)(
  'two clusters that claim one database, %s',
  (connector) => {
    let database: ExternalDatabase;
    const on = <T>(work: (database: OpenDatabase) => Promise<T>) =>
      withDatabase(database.login(), work);
    const who = (cluster: string) => ({
      cluster,
      id: `id-of-${cluster}`,
      layout: connector,
      adopt: false,
    });

    beforeAll(async () => {
      database = await ExternalDatabase.start(connector, { tls: false });
    });
    afterAll(() => database?.dispose());
    beforeEach(() =>
      database.query(
        connector === 'postgres'
          ? 'drop schema if exists clusterkit cascade'
          : 'drop database if exists clusterkit',
      ),
    );

    // More than a claim has: what comes after its end is the plain order.
    it.each(Array.from({ length: 14 }, (_, at) => at))(
      'end with one owner, and one that is told so, when the other comes before query %i',
      async (at) => {
        let other: Promise<unknown> | undefined;
        const theirs = () => {
          other ??= on((each) => claim(each, who('other'), PATH));
          return other.catch(() => {});
        };
        const ours = await on((each) =>
          claim(interposed(each, at, theirs), who('mine'), PATH),
        ).catch((error: unknown) => error);
        await theirs();
        const ends = [ours, await other?.catch((error: unknown) => error)];
        const winner = ends[0] === 'claimed' ? 'mine' : 'other';
        expect(ends.filter((end) => end === 'claimed')).toHaveLength(1);
        const refusal = ends.find((end) => end instanceof KitError);
        expect(refusal).toMatchObject({
          code: 'database-unfit',
          problems: [{ message: `the database has the data of cluster '${winner}'` }],
        });
        expect(await on(readMark)).toEqual({
          ...{ id: `id-of-${winner}`, cluster: winner, layout: connector },
        });
      },
    );
  },
);
