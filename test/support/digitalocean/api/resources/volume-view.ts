import type { RuntimeVolume } from '../droplet-runtime.js';
import type { Volume } from '../state.js';
import { regionView } from './views.js';

/** A volume with its region object. */
export const volumeView = (volume: Volume) => ({
  id: volume.id,
  region: regionView(volume.region),
  droplet_ids: volume.dropletId === undefined ? [] : [volume.dropletId],
  name: volume.name,
  size_gigabytes: volume.sizeGigabytes,
  filesystem_type: volume.filesystem ?? '',
  created_at: volume.createdAt,
  tags: [...volume.tags],
});

/** A volume as a runtime gets it. */
export const runtimeVolume = (volume: Volume): RuntimeVolume => ({
  id: volume.id,
  name: volume.name,
  sizeGigabytes: volume.sizeGigabytes,
  filesystem: volume.filesystem,
});
