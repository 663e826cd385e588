import { SIZES } from '../catalog/sizes.js';
import type { Droplet } from '../state.js';
import { diskView, imageOf, imageView, regionView, sizeView } from './views.js';

/** A droplet with its size, image and region objects. No user data, ever. */
export function dropletView(droplet: Droplet) {
  const size = SIZES.find(({ slug }) => slug === droplet.size);
  const image = imageOf(droplet.imageId);
  return {
    id: droplet.id,
    name: droplet.name,
    memory: size?.memory,
    vcpus: size?.vcpus,
    disk: droplet.diskGb,
    disk_info: diskView(droplet.diskGb),
    locked: droplet.pending > 0 || droplet.isBeingDeleted,
    status: droplet.status,
    kernel: null,
    created_at: droplet.createdAt,
    features: [...droplet.features],
    backup_ids: [],
    next_backup_window: null,
    snapshot_ids: [],
    image: image ? imageView(image) : {},
    volume_ids: [...droplet.volumeIds],
    size: size && sizeView(size),
    size_slug: droplet.size,
    networks: { v4: networks(droplet), v6: [] },
    region: regionView(droplet.region),
    tags: [...droplet.tags],
    vpc_uuid: droplet.vpcId,
  };
}

function networks({ ipv4, privateIpv4 }: Droplet) {
  if (ipv4 === undefined) return [];
  return [
    {
      ip_address: ipv4,
      netmask: '255.255.240.0',
      gateway: ipv4.replace(/\.\d+$/, '.1'),
      type: 'public',
    },
    { ip_address: privateIpv4, netmask: '255.255.240.0', gateway: '<nil>', type: 'private' },
  ];
}
