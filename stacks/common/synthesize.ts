import { App } from 'cdktf';

/** Adds one stack to an app. */
export type BuildStack = (app: App) => void;

/** The only `new App()`: writes `stacks/<cluster>/cdk.tf.json` below `outdir` for every stack. */
export function synthesize(outdir: string, stacks: readonly BuildStack[]): void {
  // cdktf's validation runs a program named terraform at every synthesis, and fails with OpenTofu.
  const app = new App({ outdir, skipValidation: true });
  for (const build of stacks) build(app);
  app.synth();
}
