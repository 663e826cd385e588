import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, type TerraformStack, Testing } from 'cdktf';

/** `cdk.tf.json` of a stack alone, synthesized in a directory that is gone afterwards. */
export function synthesizeText(stackOf: (app: App) => TerraformStack): string {
  const outdir = mkdtempSync(join(tmpdir(), 'ck-test-'));
  try {
    return Testing.synth(stackOf(Testing.app({ outdir })));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
