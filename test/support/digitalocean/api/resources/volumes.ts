import { z } from 'zod';
import { conflict, forbidden, notFound, unprocessable } from '../api-error.js';
import { REGIONS } from '../catalog/regions.js';
import { page } from '../page.js';
import { bodyOf } from '../request-body.js';
import { type Call, noContent, type Route, route } from '../route.js';
import type { Volume } from '../state.js';
import { timestamp, type World } from '../world.js';
import { assignToDefaultProject, forgetResource } from './project-resources.js';
import { rememberTags, tagNames } from './tag-names.js';
import { volumeView } from './volume-view.js';

const PATH = '/v2/volumes';

const creation = z.object({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'name is invalid'),
  region: z.string(),
  size_gigabytes: z.number().int().min(1).max(16_384),
  filesystem_type: z.enum(['ext4', '']).nullish(),
  tags: tagNames.nullish(),
});

/** The volume of that id, or 404. */
export function existingVolume({ state }: World, id = ''): Volume {
  const volume = state.volumes.get(id);
  if (!volume) throw notFound();
  return volume;
}

/** Block storage: make, look at, remove. Attaching is in volume-actions.ts. */
export function volumeRoutes(world: World): Route[] {
  const { volumes } = world.state;
  const remove = async (volume: Volume) => {
    if (volume.dropletId !== undefined) throw conflict('attached volume cannot be deleted');
    volumes.delete(volume.id);
    forgetResource(world, `do:volume:${volume.id}`);
    await world.runtime.destroyVolume?.(volume.id);
    return noContent;
  };
  return [
    route('GET', PATH, 'block_storage:read', (call) =>
      page(call, PATH, 'volumes', [...volumes.values()], volumeView),
    ),
    route('POST', PATH, 'block_storage:create', (call) => {
      const volume = volumeFrom(world, call);
      volumes.set(volume.id, volume);
      rememberTags(world, volume.tags);
      assignToDefaultProject(world, `do:volume:${volume.id}`);
      return { status: 201, body: { volume: volumeView(volume) } };
    }),
    route('GET', `${PATH}/:id`, 'block_storage:read', ({ params: { id } }) => ({
      status: 200,
      body: { volume: volumeView(existingVolume(world, id)) },
    })),
    route('DELETE', `${PATH}/:id`, 'block_storage:delete', ({ params: { id } }) =>
      remove(existingVolume(world, id)),
    ),
  ];
}

function volumeFrom(world: World, call: Call): Volume {
  const body = bodyOf(creation, call.body);
  if (body.tags?.length) call.need('tag:create');
  const region = REGIONS.find(({ slug }) => slug === body.region);
  if (!region) throw unprocessable('invalid region');
  if (!region.features.includes('storage')) {
    throw unprocessable('Storage is not supported for this region');
  }
  const { volumes } = world.state;
  const isTaken = [...volumes.values()].some(
    ({ name, region: other }) => name === body.name && other === region.slug,
  );
  if (isTaken) throw conflict('already exists');
  if (volumes.size >= world.account.volumeLimit) {
    throw forbidden('failed to create volume: volume limit exceeded');
  }
  return {
    id: world.ids.uuid(),
    name: body.name,
    region: region.slug,
    sizeGigabytes: body.size_gigabytes,
    filesystem: body.filesystem_type || undefined,
    createdAt: timestamp(world),
    tags: new Set(body.tags ?? []),
    dropletId: undefined,
  };
}
