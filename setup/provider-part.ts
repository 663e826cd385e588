import { stat } from 'node:fs/promises';
import { providerPlatform } from '../clients/terraform/provider-platform.js';
import { buildGoProgram } from './go-program.js';
import { missing, type Part, right } from './part.js';
import { builtProvider, PROVIDER_VERSION } from './provider-mirror.js';
import { registryAnswers } from './provider-registry.js';
import type { SetupContext } from './setup-context.js';

/**
 * Terraform's Docker provider: Terraform downloads it when its registry answers; otherwise setup
 * builds it from its Go module into a mirror in the cache.
 */
export function providerPart(context: SetupContext): Part {
  const target = builtProvider(context.cacheDir, providerPlatform(context.platform, context.arch));
  return {
    name: 'provider',
    async check() {
      if (await stat(target).catch(() => undefined)) {
        return right(`already built (kreuzwerker/docker ${PROVIDER_VERSION})`);
      }
      if (await registryAnswers(context, Date.now())) {
        return right('Terraform downloads it from its registry');
      }
      return missing('Terraform’s registry does not answer');
    },
    async make(progress) {
      const program = {
        pins: 'docker-provider',
        // The package name in the module of kreuzwerker/docker.
        goPackage: 'github.com/terraform-providers/terraform-provider-docker',
        variables: { 'main.version': PROVIDER_VERSION },
        target,
        instead: 'Or give this machine access to Terraform’s registry.',
      };
      await buildGoProgram(program, context, progress);
      return `kreuzwerker/docker ${PROVIDER_VERSION} built (${target})`;
    },
  };
}
