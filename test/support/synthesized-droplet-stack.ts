import type { StageProgram } from '../../stacks/common/stage.js';
import { type BootInputs, DropletClusterStack } from '../../stacks/droplet/cluster-stack.js';
import type { StagePlaces } from '../../targets/common/stages/facts.js';
import { stageCall } from '../../targets/common/stages/stage.js';
import { dropletFacts, earlyFacts } from '../../targets/droplet/facts.js';
import { type DropletSettings, dropletEndpoint } from '../../targets/droplet/settings.js';
import { STAGES } from '../../targets/droplet/stages/all.js';
import { synthesizeText } from './synthesize-text.js';

import { PLACES, PROGRAM, type SynthesizedStack, someSettings } from './synthesized-stack.js';

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

/** What a droplet boots with. */
export const BOOT: BootInputs = {
  loginPublicKey: 'ssh-ed25519 AAAAC3Nza',
  userDataFile: '/project/.clusterkit/keys/one/user-data.yaml',
  operator: ['203.0.113.7'],
};

/** What {@link synthesizeDroplet} starts from. */
export interface DropletSynthesisProps {
  readonly settings?: DropletSettings;
  readonly places?: StagePlaces;
  readonly program?: StageProgram;
  readonly boot?: BootInputs;
  readonly refusal?: string;
}

/** The stack as synthesis writes it, as text and as value. */
export function synthesizeDroplet({
  settings = someDroplet(),
  places = PLACES,
  program = PROGRAM,
  boot = BOOT,
  ...more
}: DropletSynthesisProps = {}) {
  const early = earlyFacts(settings, places);
  const text = synthesizeText(
    (app) =>
      new DropletClusterStack(app, settings.name, {
        ...{ settings, program, boot, stateFile: early.stateFile },
        calls: (stage, droplet) =>
          stageCall(STAGES, stage, droplet ? dropletFacts(settings, places, droplet) : early),
        endpoint: (address) => dropletEndpoint(address, settings),
        ...more,
      }),
  );
  return { text, stack: JSON.parse(text) as SynthesizedStack };
}
