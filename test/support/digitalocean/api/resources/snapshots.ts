import { z } from 'zod';
import { page } from '../page.js';
import { bodyOf } from '../request-body.js';
import { type Route, route } from '../route.js';
import type { Snapshot } from '../state.js';
import { timestamp, type World } from '../world.js';
import { existingVolume } from './volumes.js';

const PATH = '/v2/snapshots';

/** Remembers a snapshot of what exists now. */
export function addSnapshot(world: World, made: Omit<Snapshot, 'createdAt'>): Snapshot {
  const snapshot = { ...made, createdAt: timestamp(world) };
  world.state.snapshots.set(snapshot.id, snapshot);
  return snapshot;
}

/** Snapshots of volumes and droplets. Those of droplets are made by an action. */
export const snapshotRoutes = (world: World): Route[] => [
  route('GET', PATH, 'snapshot:read', (call) =>
    page(call, PATH, 'snapshots', [...world.state.snapshots.values()], view),
  ),
  route('POST', '/v2/volumes/:id/snapshots', 'block_storage_snapshot:create', (call) => {
    const volume = existingVolume(world, call.params.id);
    const { name } = bodyOf(z.object({ name: z.string().min(1) }), call.body);
    const { id: resourceId, region, sizeGigabytes: sizeGb } = volume;
    const own = { id: world.ids.uuid(), resourceType: 'volume', resourceId } as const;
    return {
      status: 201,
      body: { snapshot: view(addSnapshot(world, { ...own, name, region, sizeGb })) },
    };
  }),
];

const view = ({ id, name, resourceType, resourceId, region, sizeGb, createdAt }: Snapshot) => ({
  id,
  name,
  created_at: createdAt,
  regions: [region],
  resource_id: resourceId,
  resource_type: resourceType,
  min_disk_size: sizeGb,
  size_gigabytes: sizeGb,
  tags: [],
});
