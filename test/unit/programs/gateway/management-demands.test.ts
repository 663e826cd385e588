import { parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { readGraphql } from '../../../../programs/gateway/graphql/read-graphql.js';
import { managementDemands, renewNames } from '../../../../programs/gateway/management-check.js';

const demands = (query: string, variables?: object, operationName?: string) =>
  managementDemands(
    readGraphql(Buffer.from(JSON.stringify({ query, variables, operationName }))),
  ).map(
    ({ action, service, stage, responseKey, isMutation }) =>
      `${isMutation ? 'mutation' : 'query'} ${responseKey}: ${action} ${service}/${stage}`,
  );

test.each([
  ['{ serverInfo { version } clusterInfo { version } __typename }', {}, []],
  ['{ listProjects { name } }', {}, ['query listProjects: listProjects /']],
  [
    'query ($name: String! $stage: String!) { project(name: $name stage: $stage) { name } }',
    { name: 'demo', stage: 'dev' },
    ['query project: project demo/dev'],
  ],
  [
    'mutation ($name: String!) { deploy(input: { name: $name stage: "dev" types: "" }) { errors { type } } }',
    { name: 'demo' },
    ['mutation deploy: deploy demo/dev'],
  ],
  [
    'mutation ($input: DeleteProjectInput!) { gone: deleteProject(input: $input) { clientMutationId } }',
    { input: { name: 'demo', stage: 'dev' } },
    ['mutation gone: deleteProject demo/dev'],
  ],
  [
    '{ ...all } fragment all on Query { ... on Query { project(name: "a", stage: "b") { name } } ...all }',
    {},
    ['query project: project a/b'],
  ],
  ['{ listProjects @skip(if: true) { name } }', {}, ['query listProjects: listProjects /']],
  ['{ project(name: "a") { name } }', {}, ['query project: project a/']],
  [
    'query ($n: String = "a") { project(name: $n, stage: "b") { name } }',
    {},
    ['query project: project /b'],
  ],
  [
    'mutation { deploy(name: "mine", stage: "s", input: null) { errors } }',
    {},
    ['mutation deploy: deploy /'],
  ],
])('%s demands what it names', (query, variables, expected) => {
  expect(demands(query, variables)).toEqual(expected);
});

test('of several operations the named one counts, else all', () => {
  const query = 'query a { serverInfo { version } } mutation b { anything }';
  expect(demands(query, {}, 'a')).toEqual([]);
  expect(demands(query)).toEqual(['mutation anything: anything /']);
});

test('a list is several requests', () => {
  const one = { query: '{ listProjects { name } }' };
  expect(managementDemands(readGraphql(Buffer.from(JSON.stringify([one, one]))))).toHaveLength(2);
});

describe('bodies that cannot be read', () => {
  test.each([
    ['', 'The body is not JSON.'],
    ['{}', 'The body has no `query`.'],
    ['null', 'The body has no `query`.'],
    ['{"query":1}', 'The body has no `query`.'],
    ['{"query":"{"}', 'Syntax Error: Expected Name, found <EOF>.'],
    [`{"query":"{${' a'.repeat(20_001)}}"}`, 'The queries have more than 20000 tokens.'],
    [`${'['.repeat(200)}`, 'The body is nested deeper than 100 levels.'],
    [`[${'1,'.repeat(60_000)}1]`, 'The body has more than 50000 values.'],
    [`[${'{},'.repeat(101)}{}]`, 'The body has more than 100 requests.'],
    [`{"query":"${'{a'.repeat(101)}"}`, 'The body is nested deeper than 100 levels.'],
    ['{"query":"{a}","variables":"{}"}', 'The body has no `query`.'],
    ['{"query":"{a}","operationName":{}}', 'The body has no `query`.'],
  ])('%.20s', (body, message) => {
    expect(() => readGraphql(Buffer.from(body))).toThrow(message);
  });
});

test('old names are asked by their new ones, and answered as before', () => {
  const renewed = (query: string) => renewNames(parse(query)).replace(/\s+/g, ' ').trim();
  expect(renewed('{ clusterInfo { version } }')).toBe('{ clusterInfo: serverInfo { version } }');
  expect(renewed('{ i: clusterInfo { version } }')).toBe('{ i: serverInfo { version } }');
  expect(renewed('{ listProjects { clusterInfo } }')).toBe('{ listProjects { clusterInfo } }');
});
