import { readFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { clustersJsonSchema } from '../../../../targets/clusters-file/json-schema.js';

const validate = new Ajv({ allowUnionTypes: true, allErrors: true, strict: true }).compile(
  clustersJsonSchema(),
);
const faultsOf = (document: unknown) => {
  validate(document);
  return (validate.errors ?? []).map(({ instancePath, keyword }) => `${instancePath} ${keyword}`);
};
const withCluster = (custom: object, name = 'one') => ({
  clusters: {
    [name]: {
      target: 'docker',
      server: { image: 'a:1.8' },
      database: { connector: 'postgres', image: 'b:10' },
      ...custom,
    },
  },
});

describe('clustersJsonSchema', () => {
  test('is what templates/clusters.schema.json says; `npm run schema` writes it', async () => {
    const committed = await readFile('templates/clusters.schema.json', 'utf8');
    expect(committed).toBe(`${JSON.stringify(clustersJsonSchema(), null, 2)}\n`);
  });

  test('has a title, and a description for every key that people write', () => {
    const schema = clustersJsonSchema();
    expect(schema).toMatchObject({
      $schema: 'http://json-schema.org/draft-07/schema#',
      title: 'clusterkit clusters',
    });
    const described = JSON.stringify(schema).match(/"description"/g)?.length ?? 0;
    expect(described).toBeGreaterThanOrEqual(7);
  });

  test('accepts the clusters.yml of this repository, which names it for editors', async () => {
    const text = await readFile('clusters.yml', 'utf8');
    expect(text).toMatch(
      /^# yaml-language-server: \$schema=\.\/templates\/clusters\.schema\.json\n/,
    );
    expect(faultsOf(parse(text))).toEqual([]);
  });

  test('defaults: port may be left out', () => {
    expect(faultsOf(withCluster({}))).toEqual([]);
  });

  test('defaults: a droplet needs no key of its own', () => {
    expect(faultsOf(withCluster({ target: 'digitalocean' }))).toEqual([]);
    expect(faultsOf(withCluster({ target: 'digitalocean', volume: false }))).toEqual([]);
  });

  test.each([
    ['an unknown key', withCluster({ region: 'fra1' }), '/clusters/one additionalProperties'],
    ['a port out of range', withCluster({ port: 0 }), '/clusters/one/port minimum'],
    ['an unknown target', withCluster({ target: 'moon' }), '/clusters/one/target const'],
    [
      'a version without quotes',
      withCluster({ server: { image: 'a', version: 1.1 } }),
      '/clusters/one/server/version type',
    ],
    [
      'a version of another product',
      withCluster({ server: { image: 'a', version: '2.0' } }),
      '/clusters/one/server/version pattern',
    ],
    [
      'a region in numbers',
      withCluster({ target: 'digitalocean', region: 1 }),
      '/clusters/one/region type',
    ],
    [
      'a source that is none',
      withCluster({ target: 'digitalocean', ssh: { sources: ['office'] } }),
      '/clusters/one/ssh/sources/0 pattern',
    ],
    ['a missing key', withCluster({ server: {} }), '/clusters/one/server required'],
    ['an unusable name', withCluster({}, 'Not_a_name'), '/clusters propertyNames'],
  ])('fails at %s', (_, document, fault) => {
    expect(faultsOf(document)).toContain(fault);
  });
});
