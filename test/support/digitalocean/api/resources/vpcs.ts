import { z } from 'zod';
import { conflict, notFound, unprocessable } from '../api-error.js';
import { REGIONS } from '../catalog/regions.js';
import { bodyOf } from '../request-body.js';
import { type Route, route } from '../route.js';
import type { Vpc } from '../state.js';
import { timestamp, type World } from '../world.js';

const PATH = '/v2/vpcs';

const creation = z.object({
  name: z.string().regex(/^[a-zA-Z0-9\-.]+$/, 'name is invalid'),
  region: z.string(),
});

const view = (vpc: Vpc) => ({
  id: vpc.id,
  urn: `do:vpc:${vpc.id}`,
  name: vpc.name,
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

function addVpc(world: World, what: Pick<Vpc, 'name' | 'region' | 'isDefault'>): Vpc {
  const vpc: Vpc = {
    ...what,
    id: world.ids.uuid(),
    ipRange: `10.${100 + world.state.vpcs.size}.0.0/20`,
    createdAt: timestamp(world),
  };
  world.state.vpcs.set(vpc.id, vpc);
  return vpc;
}

/** Private networks. */
export function vpcRoutes(world: World): Route[] {
  const { vpcs } = world.state;
  return [
    route('POST', PATH, 'vpc:create', ({ body }) => {
      const { name, region } = bodyOf(creation, body);
      if (!REGIONS.some(({ slug }) => slug === region)) throw unprocessable('invalid region');
      if ([...vpcs.values()].some((vpc) => vpc.name === name)) {
        throw conflict('a VPC with this name already exists');
      }
      const isDefault = ![...vpcs.values()].some((vpc) => vpc.region === region);
      const vpc = addVpc(world, { name, region, isDefault });
      return { status: 201, body: { vpc: view(vpc) } };
    }),
    route('GET', `${PATH}/:id`, 'vpc:read', ({ params: { id = '' } }) => {
      const vpc = vpcs.get(id);
      if (!vpc) throw notFound();
      return { status: 200, body: { vpc: view(vpc) } };
    }),
  ];
}
