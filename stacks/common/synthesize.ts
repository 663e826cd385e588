import { App } from 'cdktf';
import type { ClusterSettings } from '../../targets/clusters-file/cluster-settings.js';
import type { StagePlaces } from '../../targets/common/stages/facts.js';
import { LocalClusterStack } from '../docker/cluster-stack.js';
import { DropletClusterStack, type DropletGround } from '../droplet/cluster-stack.js';
import type { StageProgram } from './stage.js';

/** What {@link synthesize} takes. */
export interface SynthesisProps {
  /** Places of each cluster's files. */
  readonly places: (cluster: string) => StagePlaces;
  readonly program: StageProgram;
  readonly clusters: readonly ClusterSettings[];
  /** For clusters on droplets. @default - fails at one */
  readonly droplet?: (cluster: string) => DropletGround | undefined;
  /** Why a local cluster cannot be made. @default - it can */
  readonly refusal?: (cluster: string) => string | undefined;
  /** Directory for `stacks/<cluster>/cdk.tf.json`. */
  readonly outdir: string;
}

/** The only `new App()`: writes one stack per cluster below `outdir`. */
export function synthesize(props: SynthesisProps): void {
  const { clusters, outdir, program } = props;
  // The validation runs a program named terraform at every synthesis, and fails where it is OpenTofu.
  const app = new App({ outdir, skipValidation: true });
  for (const settings of clusters) {
    const places = props.places(settings.name);
    if (settings.target === 'docker') {
      const refusal = props.refusal?.(settings.name);
      const more = refusal === undefined ? {} : { refusal };
      new LocalClusterStack(app, settings.name, { settings, places, program, ...more });
    } else {
      const ground = props.droplet?.(settings.name);
      if (ground === undefined) throw new Error(`${settings.name}: no ground for its droplet`);
      new DropletClusterStack(app, settings.name, { settings, places, program, ground });
    }
  }
  app.synth();
}
