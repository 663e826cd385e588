import { App } from 'cdktf';
import type { DockerSettings } from '../lib/settings/cluster-settings.js';
import type { StagePlaces } from '../lib/stage-facts.js';
import { LocalClusterStack } from './local-cluster-stack.js';
import type { StageProgram } from './stage.js';

/** What {@link synthesize} takes. */
export interface SynthesisProps {
  /** Places of each cluster's files. */
  readonly places: (cluster: string) => StagePlaces;
  readonly program: StageProgram;
  readonly clusters: readonly DockerSettings[];
  /** Directory for `stacks/<cluster>/cdk.tf.json`. */
  readonly outdir: string;
}

/** The only `new App()`: writes one stack per cluster below `outdir`. */
export function synthesize({ clusters, outdir, places, program }: SynthesisProps): void {
  // The validation runs a program named terraform at every synthesis, and fails where it is OpenTofu.
  const app = new App({ outdir, skipValidation: true });
  for (const settings of clusters) {
    new LocalClusterStack(app, settings.name, {
      settings,
      places: places(settings.name),
      program,
    });
  }
  app.synth();
}
