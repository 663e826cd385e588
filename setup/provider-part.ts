import { stat } from 'node:fs/promises';
import { providerPlatform } from '../clients/terraform/provider-platform.js';
import { buildGoProgram } from './go-program.js';
import { missing, type Part, right } from './part.js';
import { builtProvider, PROVIDER_VERSION } from './provider-mirror.js';
import { registryAnswers } from './provider-registry.js';
import type { SetupWorld } from './setup-world.js';

/**
 * The Docker provider of Terraform: from Terraform's registry where that answers, which Terraform
 * does by itself; otherwise built from its Go module into a mirror in the cache.
 */
export function providerPart(world: SetupWorld): Part {
  const target = builtProvider(world.cacheDir, providerPlatform(world.platform, world.arch));
  return {
    name: 'provider',
    async check() {
      if (await stat(target).catch(() => undefined)) {
        return right(`already built (kreuzwerker/docker ${PROVIDER_VERSION})`);
      }
      if (await registryAnswers(world, Date.now())) {
        return right('Terraform gets it from its registry');
      }
      return missing('Terraform’s registry does not answer');
    },
    async make(progress) {
      const program = {
        pins: 'docker-provider',
        // What the module of kreuzwerker/docker calls itself.
        goPackage: 'github.com/terraform-providers/terraform-provider-docker',
        variables: { 'main.version': PROVIDER_VERSION },
        target,
        instead: 'Or let this machine reach Terraform’s registry.',
      };
      await buildGoProgram(program, world, progress);
      return `kreuzwerker/docker ${PROVIDER_VERSION} built (${target})`;
    },
  };
}
