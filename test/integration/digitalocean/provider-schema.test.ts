import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  type BoundAttribute,
  boundAttributes,
  boundBlock,
} from '../../support/digitalocean/provider-bindings.js';
import { provider, workspace } from './provider-workspace.js';

interface Block {
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly block_types?: Readonly<Record<string, { readonly block: Block }>>;
}
interface Attribute {
  readonly type: unknown;
  readonly required?: boolean;
  readonly optional?: boolean;
  readonly computed?: boolean;
}
type Schemas = Readonly<Record<string, { readonly block: Block }>>;

const RESOURCES = [
  'ssh_key',
  'droplet',
  'volume',
  'volume_attachment',
  'firewall',
  'reserved_ip',
  'reserved_ip_assignment',
  'project',
  'project_resources',
  'tag',
];
const kebab = (name: string) => name.replaceAll('_', '-');

let schemas: {
  resource_schemas: Schemas;
  provider: { block: Block };
};
beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), 'ck-test-'));
  try {
    const { write, init, good } = await workspace({ directory });
    const required_providers = {
      digitalocean: { source: provider.source, version: provider.version },
    };
    await write({ terraform: { required_providers } });
    await init();
    const { provider_schemas } = JSON.parse(await good('providers', 'schema', '-json'));
    schemas = provider_schemas[`registry.terraform.io/${provider.source}`];
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});

/** The stand-in's schema in the words of the bindings; what takes a value may compute it too. */
function described({ attributes = {}, block_types = {} }: Block): BoundAttribute[] {
  const list = Object.entries(attributes).map(([name, { type, required, optional }]) => ({
    name,
    use: required ? ('required' as const) : optional ? ('optional' as const) : undefined,
    type: typeof type === 'string' ? type : isOfObjects(type) ? 'block' : 'list',
  }));
  const blocks = Object.keys(block_types).map((name) => ({
    name,
    use: 'optional' as const,
    type: 'block',
  }));
  return [...list, ...blocks].sort((a, b) => a.name.localeCompare(b.name));
}

const expectWithin = (own: BoundAttribute[], bound: readonly BoundAttribute[]) => {
  expect(own).not.toEqual([]);
  expect(bound).toEqual(expect.arrayContaining(own));
};

const isOfObjects = (type: unknown) => JSON.stringify(type).includes('"object"');

// Terraform refuses what the stand-in lacks, so that no stack can use it unnoticed.
describe('what the schema has is as in the one that the bindings were made from', () => {
  test('has these resources, no more', () => {
    const full = RESOURCES.map((name) => `digitalocean_${name}`).sort();
    expect(Object.keys(schemas.resource_schemas).sort()).toEqual(full);
  });

  test.each(RESOURCES)('resource %s', async (name) => {
    const { block } = schemas.resource_schemas[`digitalocean_${name}`] ?? { block: {} };
    expectWithin(described(block), await boundAttributes(kebab(name)));
    for (const [nested, { block: inner }] of Object.entries(block.block_types ?? {})) {
      expectWithin(described(inner), await boundBlock(kebab(name), nested));
    }
  });

  test('provider', async () => {
    expectWithin(described(schemas.provider.block), await boundAttributes('provider'));
  });
});
