import { z } from 'zod';
import { conflict, forbidden, notFound, unprocessable } from '../api-error.js';
import { REGIONS } from '../catalog/regions.js';
import { page } from '../page.js';
import { bodyOf } from '../request-body.js';
import { noContent, type Route, route } from '../route.js';
import type { Vpc } from '../state.js';
import { timestamp, type World } from '../world.js';

const PATH = '/v2/vpcs';

const updatable = z.object({
  name: z.string().regex(/^[a-zA-Z0-9\-.]+$/, 'name is invalid'),
  description: z.string().max(255).nullish(),
});
const creation = updatable.extend({
  region: z.string(),
  ip_range: z
    .string()
    .regex(/^(\d+\.){3}\d+\/(1[6-9]|2[0-8])$/, 'must be a CIDR from /16 to /28')
    .nullish()
    .or(z.literal('')),
});

const view = (vpc: Vpc) => ({
  id: vpc.id,
  urn: `do:vpc:${vpc.id}`,
  name: vpc.name,
  description: vpc.description,
  region: vpc.region,
  ip_range: vpc.ipRange,
  created_at: vpc.createdAt,
  default: vpc.isDefault,
});

/** The network that a region's droplets are in unless they say otherwise; made when first needed. */
export function defaultVpc(world: World, region: string): Vpc {
  const found = [...world.state.vpcs.values()].find(
    (vpc) => vpc.region === region && vpc.isDefault,
  );
  return found ?? addVpc(world, { name: `default-${region}`, region, isDefault: true });
}

function addVpc(
  world: World,
  {
    name,
    region,
    ipRange,
    description = '',
    isDefault,
  }: Pick<Vpc, 'name' | 'region'> & {
    ipRange?: string | undefined;
    description?: string | undefined;
    isDefault: boolean;
  },
): Vpc {
  const vpc: Vpc = {
    id: world.ids.uuid(),
    name,
    description,
    region,
    ipRange: ipRange || `10.${100 + world.state.vpcs.size}.0.0/20`,
    createdAt: timestamp(world),
    isDefault,
  };
  world.state.vpcs.set(vpc.id, vpc);
  return vpc;
}

/** Private networks. */
export function vpcRoutes(world: World): Route[] {
  const { vpcs } = world.state;
  const existing = (id = ''): Vpc => {
    const vpc = vpcs.get(id);
    if (!vpc) throw notFound();
    return vpc;
  };
  const members = (vpc: Vpc) =>
    [...world.state.droplets.values()].filter(({ vpcId }) => vpcId === vpc.id);
  return [
    route('GET', PATH, 'vpc:read', (call) => page(call, PATH, 'vpcs', [...vpcs.values()], view)),
    route('POST', PATH, 'vpc:create', ({ body }) => {
      const { name, region, ip_range, description } = bodyOf(creation, body);
      if (!REGIONS.some(({ slug }) => slug === region)) throw unprocessable('invalid region');
      if ([...vpcs.values()].some((vpc) => vpc.name === name)) {
        throw conflict('a VPC with this name already exists');
      }
      const isDefault = ![...vpcs.values()].some((vpc) => vpc.region === region);
      const vpc = addVpc(world, {
        name,
        region,
        ipRange: ip_range ?? undefined,
        description: description ?? undefined,
        isDefault,
      });
      return { status: 201, body: { vpc: view(vpc) } };
    }),
    route('GET', `${PATH}/:id`, 'vpc:read', ({ params: { id } }) => ({
      status: 200,
      body: { vpc: view(existing(id)) },
    })),
    route('PUT', `${PATH}/:id`, 'vpc:update', ({ params: { id }, body }) => {
      const vpc = existing(id);
      const { name, description } = bodyOf(updatable, body);
      vpc.name = name;
      vpc.description = description ?? '';
      return { status: 200, body: { vpc: view(vpc) } };
    }),
    route('DELETE', `${PATH}/:id`, 'vpc:delete', ({ params: { id } }) => {
      const vpc = existing(id);
      if (vpc.isDefault) throw forbidden('Can not delete default VPCs');
      const isUsed = [...world.state.databases.values()].some(({ vpcId }) => vpcId === vpc.id);
      if (isUsed || members(vpc).length > 0) throw forbidden('Can not delete VPC with members');
      vpcs.delete(vpc.id);
      return noContent;
    }),
    route('GET', `${PATH}/:id/members`, 'vpc:read', (call) => {
      const vpc = existing(call.params.id);
      return page(call, `${PATH}/${vpc.id}/members`, 'members', members(vpc), (droplet) => ({
        urn: `do:droplet:${droplet.id}`,
        name: droplet.name,
        created_at: droplet.createdAt,
      }));
    }),
  ];
}
