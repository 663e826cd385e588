import { z } from 'zod';
import { notFound, unprocessable } from '../api-error.js';
import { bodyOf } from '../request-body.js';
import { type Route, route } from '../route.js';
import type { Action, Droplet, Volume } from '../state.js';
import { beginAction, type World } from '../world.js';
import { ownActions } from './actions.js';
import { checkUnlocked } from './droplets.js';
import { actionView } from './views.js';
import { runtimeVolume } from './volume-view.js';
import { existingVolume } from './volumes.js';

const MOST_VOLUMES = 15;
const MOST_GIGABYTES = 16_384;

const request = z.object({
  type: z.string(),
  droplet_id: z.number().int().nullish(),
  size_gigabytes: z.number().int().nullish(),
});

/** Attach, detach and resize. */
export function volumeActionRoutes(world: World): Route[] {
  const own = ownActions(world, 'volume');
  const path = (id: string) => `/v2/volumes/${id}/actions`;
  return [
    route('POST', path(':id'), 'block_storage_action:create', ({ params: { id }, body }) => {
      const volume = existingVolume(world, id);
      const { type, droplet_id, size_gigabytes } = bodyOf(request, body);
      const action =
        type === 'resize'
          ? resize(world, volume, size_gigabytes ?? 0)
          : move(world, volume, type, droplet_id ?? undefined);
      return { status: 202, body: { action: actionView(action) } };
    }),
    route('GET', `${path(':id')}/:action`, 'block_storage_action:read', ({ params }) =>
      own.one(existingVolume(world, params.id).id, params.action),
    ),
  ];
}

function move(world: World, volume: Volume, type: string, id: number | undefined): Action {
  if (type === 'attach') return attach(world, volume, targetOf(world, id));
  if (type === 'detach') return detach(world, volume, id);
  throw unprocessable('type must be one of attach, detach, resize');
}

function targetOf({ state }: World, id: number | undefined): Droplet {
  const droplet = state.droplets.get(id ?? 0);
  if (!droplet) throw notFound('Droplet not found');
  return droplet;
}

function attach(world: World, volume: Volume, droplet: Droplet): Action {
  if (volume.dropletId !== undefined) {
    throw unprocessable('This volume is already attached to a Droplet');
  }
  if (volume.region !== droplet.region) {
    throw unprocessable('Droplet and volume must be in the same region');
  }
  if (droplet.volumeIds.size >= MOST_VOLUMES) {
    throw unprocessable(`can not attach more than ${MOST_VOLUMES} volumes to a Droplet`);
  }
  checkUnlocked(droplet);
  // Taken from now on: another attachment must not get in between.
  volume.dropletId = droplet.id;
  return begin(world, volume, droplet, 'attach_volume', {
    work: async () => {
      try {
        await world.runtime.attachVolume(droplet.id, runtimeVolume(volume));
      } catch (error) {
        volume.dropletId = undefined;
        throw error;
      }
    },
    onSuccess: () => droplet.volumeIds.add(volume.id),
  });
}

function detach(world: World, volume: Volume, id: number | undefined): Action {
  const droplet = world.state.droplets.get(volume.dropletId ?? 0);
  if (!droplet || (id !== undefined && droplet.id !== id)) {
    throw unprocessable('Attachment not found');
  }
  checkUnlocked(droplet);
  return begin(world, volume, droplet, 'detach_volume', {
    work: async () => world.runtime.detachVolume?.(droplet.id, volume.id),
    onSuccess: () => {
      droplet.volumeIds.delete(volume.id);
      volume.dropletId = undefined;
    },
  });
}

function resize(world: World, volume: Volume, gigabytes: number): Action {
  if (gigabytes <= volume.sizeGigabytes || gigabytes > MOST_GIGABYTES) {
    throw unprocessable('size_gigabytes must be larger than the current size, 16384 at most');
  }
  const droplet = world.state.droplets.get(volume.dropletId ?? 0);
  if (droplet) checkUnlocked(droplet);
  return begin(world, volume, droplet, 'resize', {
    work: async () => world.runtime.resizeVolume?.(volume.id, gigabytes),
    onSuccess: () => {
      volume.sizeGigabytes = gigabytes;
    },
  });
}

function begin(
  world: World,
  volume: Volume,
  droplet: Droplet | undefined,
  type: string,
  { work, onSuccess }: { work: () => Promise<void>; onSuccess: () => void },
): Action {
  if (droplet) droplet.pending += 1;
  return beginAction(
    world,
    { type, resourceType: 'volume', resourceId: null, owner: volume.id, region: volume.region },
    {
      line: droplet ? `droplet:${droplet.id}` : `volume:${volume.id}`,
      work,
      onSuccess,
      onEnd: () => {
        if (droplet) droplet.pending -= 1;
      },
    },
  );
}
