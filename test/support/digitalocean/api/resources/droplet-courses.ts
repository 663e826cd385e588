import { z } from 'zod';
import { unprocessable } from '../api-error.js';
import { SIZES, type Size } from '../catalog/sizes.js';
import type { Droplet } from '../state.js';
import type { ActionCourse, World } from '../world.js';
import { backupPolicyBody, policyOf } from './backup-policy.js';
import { checkName } from './droplet-request.js';
import { addSnapshot } from './snapshots.js';

/** An action on a droplet, as it is asked for. */
export const dropletActionBody = z.object({
  type: z.string(),
  name: z.string().nullish(),
  size: z.string().nullish(),
  disk: z.boolean().nullish(),
  backup_policy: backupPolicyBody,
});

/** What an action does, and how long it takes. */
export type Course = Pick<ActionCourse, 'delayMs' | 'work' | 'onSuccess'>;

type Request = z.infer<typeof dropletActionBody>;

const nothing = async (): Promise<void> => {};

/** What an action does; undefined for a type that is unknown here. Errors: 422. */
export function courseOf(world: World, droplet: Droplet, request: Request): Course | undefined {
  return powerCourse(world, droplet, request.type) ?? settingCourse(world, droplet, request);
}

/** Throws 422 when a droplet is not in a state for the action. */
export function checkPower({ status }: Droplet, type: string): void {
  if (status === 'new') throw unprocessable('Droplet is not ready yet.');
  if (type === 'power_on' && status === 'active') {
    throw unprocessable('Droplet is already powered on.');
  }
  const needsPower = type === 'power_off' || type === 'reboot';
  if (needsPower && status === 'off') throw unprocessable('Droplet is already powered off.');
  if (type === 'resize' && status !== 'off') {
    throw unprocessable('Droplet must be powered off to be resized.');
  }
}

function powerCourse({ runtime, delays }: World, droplet: Droplet, type: string) {
  const { id } = droplet;
  const becomes = (status: Droplet['status']) => () => {
    droplet.status = status;
  };
  const courses: Readonly<Record<string, Course>> = {
    reboot: { delayMs: delays.reboot, work: () => runtime.reboot(id) },
    power_cycle: {
      work: () => runtime.powerCycle(id),
      onSuccess: becomes('active'),
    },
    power_off: {
      work: async () => runtime.powerOff?.(id),
      onSuccess: becomes('off'),
    },
    power_on: {
      work: async () => runtime.powerOn?.(id),
      onSuccess: becomes('active'),
    },
  };
  return courses[type];
}

/** Names, sizes and flags: mostly the account's own affairs, no runtime has to do anything. */
function settingCourse(
  world: World,
  droplet: Droplet,
  { type, name, size, disk, backup_policy }: Request,
): Course | undefined {
  const quick = (onSuccess: () => void): Course => ({
    work: nothing,
    onSuccess,
  });
  const { runtime } = world;
  const { features } = droplet;
  switch (type) {
    case 'rename':
      checkName(name ?? '');
      return quick(() => {
        droplet.name = name ?? droplet.name;
      });
    case 'resize': {
      const wanted = sizeFor(droplet, size ?? '');
      return {
        work: async () => runtime.resize?.(droplet.id, { memoryMb: wanted.memory }),
        onSuccess: () => {
          droplet.size = wanted.slug;
          if (disk) droplet.diskGb = wanted.disk;
        },
      };
    }
    case 'enable_backups':
    case 'change_backup_policy': {
      const policy = policyOf(backup_policy);
      return quick(() => {
        features.add('backups');
        droplet.backupPolicy = policy;
      });
    }
    case 'snapshot':
      return quick(() => {
        const own = { resourceType: 'droplet', resourceId: String(droplet.id) } as const;
        const { region, diskGb: sizeGb } = droplet;
        const id = String(world.ids.action());
        addSnapshot(world, { ...own, id, name: name ?? droplet.name, region, sizeGb });
      });
    case 'disable_backups':
      return quick(() => {
        features.delete('backups');
        droplet.backupPolicy = undefined;
      });
    default:
      return undefined;
  }
}

function sizeFor(droplet: Droplet, wanted: string): Size {
  const size = SIZES.find(({ slug }) => slug === wanted);
  if (!size) throw unprocessable('You specified an invalid size for Droplet resize.');
  if (!size.regions.includes(droplet.region)) {
    throw unprocessable('Size is not available in this region.');
  }
  if (size.disk < droplet.diskGb) {
    throw unprocessable('This size is not available because it has a smaller disk.');
  }
  return size;
}
