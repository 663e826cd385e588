import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestDatabase } from './database-container.js';
import { DATABASES } from './databases.js';
import { ask, startTestServer, type TestServer } from './test-server.js';

const LONG = `${'ThirtyLettersOrSoInATypesName'.repeat(2)}ABCDE`;

/** Datamodels of servers from 1.27 on, with what is written and read. A new one is a few lines. */
const CASES: readonly (readonly [what: string, sdl: string, steps: readonly [string, object][]])[] =
  [
    [
      'scalars',
      'scalar DateTime type Event { id: ID! @id at: DateTime }',
      [
        [
          'mutation { createEvent(data: { at: "2018-01-31" }) { at } }',
          { createEvent: { at: '2018-01-31T00:00:00.000Z' } },
        ],
      ],
    ],
    [
      'ids',
      `type Match { matchId: ID! @id teams: [Team] made: DateTime! @createdAt }
       type Team { key: UUID! @id name: String @unique match: Match }`,
      [
        [
          'mutation { createMatch(data: { teams: { create: [{ name: "a" }, { name: "b" }] } }) { teams(orderBy: name_DESC) { name } } }',
          { createMatch: { teams: [{ name: 'b' }, { name: 'a' }] } },
        ],
        [
          '{ matches(orderBy: made_DESC, where: { matchId_not: "x" }) { teams(orderBy: key_ASC, where: { name: "a" }) { match { teams(first: 1, orderBy: name_ASC) { name } } } } }',
          { matches: [{ teams: [{ match: { teams: [{ name: 'a' }] } }] }] },
        ],
        [
          'mutation { updateTeam(where: { name: "a" }, data: { name: "c" }) { name } deleteManyTeams(where: { name: "b" }) { count } }',
          { updateTeam: { name: 'c' }, deleteManyTeams: { count: 1 } },
        ],
        [
          '{ match(where: { matchId: "x" }) { matchId } node(id: "x") { id } }',
          { match: null, node: null },
        ],
      ],
    ],
    [
      'links',
      `type Post { id: ID! @id tags: [Tag] @relation(name: "PostTag", link: TABLE) }
       type Tag { id: ID! @id label: String posts: [Post] @relation(name: "PostTag") }
       type PostTag @db(name: "post_tag") @relationTable { post: Post tag: Tag }`,
      [
        [
          'mutation { createPost(data: { tags: { create: { label: "x" } } }) { tags { label } } }',
          { createPost: { tags: [{ label: 'x' }] } },
        ],
      ],
    ],
    [
      'long',
      `type ${LONG}1 { id: ID! @id ${'f'.repeat(64)}: Int others: [${LONG}2!]! } type ${LONG}2 { id: ID! @id ${'g'.repeat(64)}: Int @unique }`,
      [
        [
          `mutation { create${LONG}1(data: { ${'f'.repeat(64)}: 1, others: { create: { ${'g'.repeat(64)}: 2 } } }) { ${'f'.repeat(64)} others { ${'g'.repeat(64)} } } }`,
          {
            [`create${LONG}1`]: {
              ['f'.repeat(64)]: 1,
              others: [{ ['g'.repeat(64)]: 2 }],
            },
          },
        ],
      ],
    ],
  ];

describe.each(DATABASES)('datamodels as people have them, on $connector', ({ start }) => {
  let database: TestDatabase;
  let server: TestServer;
  beforeAll(async () => {
    database = await start();
    server = await startTestServer(database, { generation: 'C' });
  });
  afterAll(async () => {
    await server?.stop();
    await database?.remove();
  });

  test.each(CASES)('%s', async (name, sdl, steps) => {
    // The longest names that a service can have, which no database takes as they are.
    const service = `${name}${'-x'.repeat(60)}`;
    expect((await server.addProject(service)).errors).toBeUndefined();
    expect((await server.deploy(sdl, { name: service })).errors).toEqual([]);
    for (const [query, expected] of steps) {
      const { data, errors } = await ask(server.port, `/${service}/dev`, query);
      expect(errors).toBeUndefined();
      expect(data).toEqual(expected);
    }
    expect((await server.deploy(sdl, { name: service })).migration).toBeNull();
  });
});
