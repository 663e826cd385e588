import { cp, mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { scratchDirectory } from './exclusive.js';
import { findGo } from './go-toolchain.js';
import { missing, type Part, right } from './part.js';
import { registryAnswers } from './provider-registry.js';
import { builtProvider, PROVIDER, providerPlatform } from './provider-source.js';
import { runTool } from './run-tool.js';
import type { SetupWorld } from './setup-world.js';

/**
 * The Docker provider of Terraform: from Terraform's registry where that answers, which Terraform
 * does by itself; otherwise built from its Go module into a mirror in the cache.
 */
export function providerPart(world: SetupWorld): Part {
  const { cacheDir, env } = world;
  const target = builtProvider(cacheDir, providerPlatform(world.platform, world.arch));
  return {
    name: 'provider',
    async check() {
      if (await stat(target.program).catch(() => undefined)) {
        return right(`already built (${PROVIDER.version})`);
      }
      if (await registryAnswers(world, Date.now())) {
        return right('Terraform gets it from its registry');
      }
      return missing('Terraform’s registry does not answer');
    },
    async make(progress) {
      const go = await findGo(world, progress, 'Or let this machine reach Terraform’s registry.');
      progress.step(`building ${PROVIDER.version} from its Go module (some minutes, once)`);
      await mkdir(scratchDirectory(cacheDir), { recursive: true, mode: 0o700 });
      const scratch = await mkdtemp(join(scratchDirectory(cacheDir), 'provider-'));
      const module = join(scratch, 'module');
      const built = join(scratch, 'built');
      await cp(join(world.root, 'lib/setup/provider'), module, { recursive: true });
      const program = join(built, `terraform-provider-docker_v${PROVIDER.version}`);
      const runGo = (...args: string[]) =>
        runTool({
          argv: [go, ...args],
          cwd: module,
          env: { ...env, GOFLAGS: '-mod=readonly', GOWORK: 'off' },
          progress,
          lockFd: world.lockFd(),
          hint: 'Is the Go module proxy reachable? Or let this machine reach Terraform’s registry.',
        });
      await runGo('build', '-trimpath', '-ldflags=-s -w', '-o', program, PROVIDER.goPackage);
      const origin = await runGo('list', '-m', '-f', '{{.Replace}}', PROVIDER.goPackage);
      await writeFile(join(built, 'BUILT-FROM.txt'), `${origin}\n`);
      await mkdir(dirname(target.directory), { recursive: true, mode: 0o700 });
      await rm(target.directory, { recursive: true, force: true });
      await rename(built, target.directory);
      await rm(scratch, { recursive: true, force: true });
      return `${PROVIDER.version} built (${target.program})`;
    },
  };
}
