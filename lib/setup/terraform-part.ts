import { mkdir, mkdtemp, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { scratchDirectory } from './exclusive.js';
import { findGo } from './go-toolchain.js';
import { missing, type Part, right } from './part.js';
import { runTool } from './run-tool.js';
import type { SetupWorld } from './setup-world.js';
import { builtTofu, findTerraform } from './terraform-binary.js';

/** Its contents are checked against Go's checksum database by `go install`. */
const OPENTOFU = 'github.com/opentofu/opentofu/cmd/tofu@v1.12.6';

/** Terraform or OpenTofu; where both are missing OpenTofu is built from its Go module. */
export function terraformPart(world: SetupWorld): Part {
  const { env, cacheDir } = world;
  return {
    name: 'terraform',
    async check() {
      try {
        return right(`already there (${await findTerraform(env, cacheDir)})`);
      } catch (error) {
        if (env.TERRAFORM_BINARY_NAME) throw error;
        return missing('neither terraform nor tofu is on the PATH');
      }
    },
    async make(progress) {
      const go = await findGo(world, progress, 'Or install Terraform or OpenTofu.');
      progress.step('building OpenTofu from its Go module (some minutes, once)');
      await mkdir(scratchDirectory(cacheDir), { recursive: true, mode: 0o700 });
      const bin = await mkdtemp(join(scratchDirectory(cacheDir), 'tofu-'));
      await runTool({
        argv: [go, 'install', '-trimpath', '-ldflags=-s -w', OPENTOFU],
        env: { ...env, GOBIN: bin, GOFLAGS: '' },
        progress,
        lockFd: world.lockFd(),
        hint: 'Or install Terraform or OpenTofu, and run scripts/setup again.',
      });
      const target = builtTofu(cacheDir);
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      await rename(join(bin, 'tofu'), target);
      return `OpenTofu built (${target})`;
    },
  };
}
