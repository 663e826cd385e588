import { isIPv4 } from 'node:net';
import { z } from 'zod';
import { unprocessable } from '../api-error.js';
import { DATABASE_OPTIONS } from '../catalog/databases.js';
import { bodyOf } from '../request-body.js';
import type { Call } from '../route.js';
import type { Database, DatabaseRule } from '../state.js';
import type { World } from '../world.js';
import { tagNames } from './tag-names.js';
import { defaultVpc } from './vpcs.js';

const MOST_RULES = 100;

const rule = z.object({
  type: z.enum(['ip_addr', 'tag']),
  value: z.string().min(1),
});
const rules = z.object({ rules: z.array(rule) });
const creation = z.object({
  name: z.string().regex(/^[a-z][a-z0-9-]{1,61}[a-z0-9]$/, 'name is invalid'),
  engine: z.enum(['pg', 'mysql'], 'engine is invalid'),
  version: z.string().nullish(),
  size: z.string(),
  region: z.string(),
  num_nodes: z.number().int().min(1).max(3),
  tags: tagNames.nullish(),
  private_network_uuid: z.string().nullish(),
  rules: z.array(rule).nullish(),
});

/** A database as it was asked for, everything found. */
export type DatabaseRequest = Pick<
  Database,
  'name' | 'engine' | 'version' | 'size' | 'region' | 'nodes' | 'tags' | 'rules' | 'vpcId'
>;

/** Reads what is to be made. Errors: 422. */
export function databaseRequest(world: World, call: Call): DatabaseRequest {
  const body = bodyOf(creation, call.body);
  if (body.tags?.length) call.need('tag:create');
  const options = DATABASE_OPTIONS[body.engine];
  const version = body.version || options.default_version;
  if (!options.versions.includes(version)) throw unprocessable('invalid engine version');
  if (!options.regions.includes(body.region)) throw unprocessable('invalid region');
  const layout = options.layouts.find(({ num_nodes }) => num_nodes === body.num_nodes);
  if (!layout?.sizes.includes(body.size)) throw unprocessable('invalid size for the node count');
  const isTaken = [...world.state.databases.values()].some(({ name }) => name === body.name);
  if (isTaken) throw unprocessable('cluster name is not available');
  const { private_network_uuid: id } = body;
  const vpc = id ? world.state.vpcs.get(id) : defaultVpc(world, body.region);
  if (vpc?.region !== body.region) throw unprocessable('private network not found in the region');
  const tags = new Set(body.tags ?? []);
  return {
    ...{ name: body.name, engine: body.engine, version, size: body.size, region: body.region },
    ...{ nodes: body.num_nodes, tags, vpcId: vpc.id },
    rules: checkedRules(world, body.rules ?? [], tags),
  };
}

/** Reads trusted sources. Errors: 422. */
export const rulesRequest = (world: World, body: unknown): readonly DatabaseRule[] =>
  checkedRules(world, bodyOf(rules, body).rules, new Set());

function checkedRules(
  { state }: World,
  given: readonly z.infer<typeof rule>[],
  newTags: ReadonlySet<string>,
): readonly DatabaseRule[] {
  if (given.length > MOST_RULES) throw unprocessable(`at most ${MOST_RULES} rules are allowed`);
  for (const { type, value } of given) {
    const isFit =
      type === 'ip_addr'
        ? isIPv4(value.replace(/\/\d{1,2}$/, ''))
        : state.tags.has(value) || newTags.has(value);
    if (!isFit) throw unprocessable(`invalid firewall rule: ${type} ${value}`);
  }
  return given;
}
