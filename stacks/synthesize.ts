import { App } from 'cdktf';
import type { ClusterSettings } from '../lib/settings/cluster-settings.js';
import { LocalClusterStack, type LocalClusterStackProps } from './local-cluster-stack.js';

/** What {@link synthesize} takes. */
export interface SynthesisProps extends Omit<LocalClusterStackProps, 'settings'> {
  readonly clusters: readonly ClusterSettings[];
  /** Directory for `stacks/<cluster>/cdk.tf.json`. */
  readonly outdir: string;
}

/** The only `new App()`: writes one stack per cluster below `outdir`. */
export function synthesize({ clusters, outdir, ...props }: SynthesisProps): void {
  const app = new App({ outdir });
  for (const settings of clusters) {
    new LocalClusterStack(app, settings.name, { ...props, settings });
  }
  app.synth();
}
