import { builtTofu, findTerraform } from '../clients/terraform/terraform-binary.js';
import { KitError } from '../lib/errors.js';
import { buildGoProgram } from './go-program.js';
import { missing, type Part, right, type SetupContext } from './part.js';

/** Terraform or OpenTofu; when both are missing or too old, setup builds OpenTofu from its Go module. */
export function terraformPart(context: SetupContext): Part {
  const { env, cacheDir } = context;
  return {
    name: 'terraform',
    async check() {
      try {
        return right(`already there (${await findTerraform(env, cacheDir)})`);
      } catch (error) {
        if (env.TERRAFORM_BINARY_NAME || !(error instanceof KitError)) throw error;
        return missing(
          error.problems
            .map(({ path, message }) => [path, message].filter(Boolean).join(': '))
            .join('; '),
        );
      }
    },
    async make(progress) {
      const program = {
        pins: 'opentofu',
        goPackage: 'github.com/opentofu/opentofu/cmd/tofu',
        // Marks the build as a release: its sources are those of the tag.
        variables: { 'github.com/opentofu/opentofu/version.dev': 'no' },
        target: builtTofu(cacheDir),
        instead: 'Or install Terraform or OpenTofu.',
      };
      await buildGoProgram(program, context, progress);
      return `OpenTofu built (${program.target})`;
    },
  };
}
