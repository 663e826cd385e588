import type { Activation } from '../faults.js';
import type { Action, Droplet } from '../state.js';
import { beginAction, timestamp, type World } from '../world.js';
import { refreshDatabases } from './database-rules.js';
import type { DropletRequest } from './droplet-request.js';
import { rulesFor } from './firewall-rules.js';
import { assignToDefaultProject, forgetResource } from './project-resources.js';
import { rememberTags } from './tag-names.js';
import { runtimeVolume } from './volume-view.js';

/** Puts a droplet on the account and has the runtime make it; `new` until it is there. */
export function createDroplet(
  world: World,
  request: DropletRequest,
  activation: Activation | undefined,
): { droplet: Droplet; action: Action } {
  const id = world.ids.droplet();
  const droplet: Droplet = {
    id,
    name: request.name,
    region: request.region,
    size: request.size.slug,
    diskGb: request.size.disk,
    imageId: request.image.id,
    createdAt: timestamp(world),
    vpcId: request.vpc.id,
    features: new Set(request.features),
    backupPolicy: request.backupPolicy,
    tags: new Set(request.tags),
    volumeIds: new Set(request.volumes.map((volume) => volume.id)),
    userData: request.userData,
    privateIpv4: request.vpc.ipRange.replace(/\.\d+\/\d+$/, `.${2 + (id % 250)}`),
    ipv4: undefined,
    status: 'new',
    pending: 1,
    isSettling: false,
    isBeingDeleted: false,
  };
  world.state.droplets.set(id, droplet);
  rememberTags(world, request.tags);
  for (const volume of request.volumes) volume.dropletId = id;
  assignToDefaultProject(world, `do:droplet:${id}`);
  const action = beginAction(
    world,
    {
      type: 'create',
      resourceType: 'droplet',
      resourceId: id,
      owner: String(id),
      region: droplet.region,
    },
    {
      delayMs: createDelay(world, activation),
      line: `droplet:${id}`,
      work: async () => {
        if (activation === 'never') return;
        const made = await world.runtime.create(specOf(world, request, droplet));
        droplet.ipv4 = made.ipv4;
      },
      onEnd: () => {
        droplet.pending -= 1;
      },
      onSuccess: () => {
        if (droplet.status === 'new') droplet.status = 'active';
        refreshDatabases(world);
        if (world.delays.settling > 0) beginMetadata(world, droplet);
      },
    },
  );
  // Stuck for good is not locked: it can be deleted, as support would tell one to.
  if (activation === 'never') droplet.pending = 0;
  return { droplet, action };
}

/** A new droplet is active and not locked, and still refuses actions for a moment. */
function beginMetadata(world: World, droplet: Droplet): void {
  droplet.isSettling = true;
  const owner = String(droplet.id);
  beginAction(
    world,
    {
      type: 'droplet_metadata_create',
      ...{ resourceType: 'droplet', resourceId: droplet.id, owner, region: droplet.region },
    },
    {
      delayMs: world.delays.settling,
      line: `droplet:${owner}`,
      work: async () => {},
      onEnd: () => {
        droplet.isSettling = false;
      },
    },
  );
}

/** Takes a droplet off the account: gone for the API when the runtime has let go of it. */
export async function destroyDroplet(world: World, droplet: Droplet): Promise<void> {
  droplet.isBeingDeleted = true;
  const finish = (error: Error | undefined) => {
    if (error) world.runtimeErrors.push(error);
    forget(world, droplet);
  };
  const { dropletDelete } = world.delays;
  const work = letGo(world, droplet);
  const dueAt = world.now() + dropletDelete;
  world.schedule.begin({ dueAt, work: () => work, finish });
  // Without delays the answer means that it is gone.
  if (dropletDelete === 0) await work.catch(() => undefined);
}

async function letGo({ runtime, state }: World, { id }: Droplet): Promise<void> {
  for (const { ip, dropletId } of state.reservedIps.values()) {
    if (dropletId === id) await runtime.moveAddress?.(ip, undefined);
  }
  await runtime.destroy(id);
}

function createDelay({ delays }: World, activation: Activation | undefined): number {
  if (activation === 'never') return Number.POSITIVE_INFINITY;
  return delays.dropletCreate;
}

function specOf(world: World, request: DropletRequest, droplet: Droplet) {
  const { slug, memory, vcpus, disk } = request.size;
  return {
    id: droplet.id,
    name: droplet.name,
    image: request.image.slug,
    size: { slug, memoryMb: memory, vcpus, diskGb: disk },
    region: droplet.region,
    userData: droplet.userData,
    sshPublicKeys: request.keys.map(({ publicKey }) => publicKey),
    volumes: request.volumes.map(runtimeVolume),
    firewall: rulesFor(world, droplet),
  };
}

function forget(world: World, droplet: Droplet): void {
  const { state } = world;
  for (const id of droplet.volumeIds) {
    const volume = state.volumes.get(id);
    if (volume) volume.dropletId = undefined;
  }
  for (const reserved of state.reservedIps.values()) {
    if (reserved.dropletId === droplet.id) reserved.dropletId = undefined;
  }
  forgetResource(world, `do:droplet:${droplet.id}`);
  state.droplets.delete(droplet.id);
  refreshDatabases(world);
}
