import {
  DropletClusterStack,
  type DropletClusterStackProps,
} from '../../stacks/droplet/cluster-stack.js';
import type { DropletSettings } from '../../targets/droplet/settings.js';

import { synthesizeText } from './synthesize-text.js';
import { STACK_PROPS, type SynthesizedStack, someSettings } from './synthesized-stack.js';

/** Settings of a cluster `one` on a droplet, with every default. */
export const someDroplet = (custom: Partial<DropletSettings> = {}): DropletSettings => ({
  ...someSettings(),
  target: 'digitalocean',
  region: 'fra1',
  size: 's-1vcpu-2gb',
  image: 'ubuntu-24-04-x64',
  volume: { sizeGb: 10 },
  reservedIp: false,
  tags: [],
  backups: false,
  monitoring: false,
  images: { server: 'pull', database: 'pull' },
  ...custom,
});

/** What {@link synthesizeDroplet} starts from. */
export const DROPLET_PROPS: DropletClusterStackProps = {
  settings: someDroplet(),
  places: STACK_PROPS.places,
  program: STACK_PROPS.program,
  ground: {
    loginPublicKey: 'ssh-ed25519 AAAAC3Nza',
    userDataFile: '/project/.clusterkit/keys/one/user-data.yaml',
    operator: ['203.0.113.7'],
  },
};

/** The stack as synthesis writes it, as text and as value. */
export function synthesizeDroplet(custom: Partial<DropletClusterStackProps> = {}) {
  const props = { ...DROPLET_PROPS, ...custom };
  const text = synthesizeText((app) => new DropletClusterStack(app, props.settings.name, props));
  return { text, stack: JSON.parse(text) as SynthesizedStack };
}
