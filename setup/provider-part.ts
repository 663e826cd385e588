import { mkdir, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { DOCKER_PROVIDER, providerPlatform } from '../clients/terraform/built-provider.js';
import { installProviders } from '../clients/terraform/install-providers.js';
import { findTerraform } from '../clients/terraform/terraform-binary.js';
import { providerSources } from '../clients/terraform/user-configuration.js';
import { KitError } from '../lib/errors.js';
import { buildGoProgram } from './go-program.js';
import { missing, type Part, right, type SetupContext } from './part.js';

/**
 * Terraform's Docker provider: Terraform downloads it when its registry answers, or gets it as the user's
 * configuration says; otherwise setup builds it from its Go module into a mirror in the cache.
 */
export function providerPart(context: SetupContext): Part {
  const target = builtProvider(context.cacheDir, providerPlatform(context.platform, context.arch));
  return {
    name: 'provider',
    async check() {
      if (await stat(target).catch(() => undefined)) {
        return right(`already built (kreuzwerker/docker ${PROVIDER_VERSION})`);
      }
      const home = context.env.HOME ?? homedir();
      const configured = await providerSources(context.env, home);
      if (configured !== undefined) {
        return (await isAvailable(context))
          ? right(`Terraform gets it as ${configured} says`)
          : missing(`${configured} names no source that has it`);
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

/** Does Terraform get the provider by the user's configuration? Asks by an installation, which the kit then uses. */
async function isAvailable({ env, cacheDir }: SetupContext): Promise<boolean> {
  const { source, versions: version } = DOCKER_PROVIDER;
  try {
    const binary = await findTerraform(env, cacheDir);
    await installProviders({ binary, env }, { docker: { source, version } }, cacheDir, undefined);
    return true;
  } catch (error) {
    if (error instanceof KitError) return false;
    throw error;
  }
}

/**
 * The version of the pinned revision of kreuzwerker/docker, from its README and change log; the Go
 * module proxy has only this revision.
 */
export const PROVIDER_VERSION = '4.6.0';

/** File of the built provider, in the layout of Terraform's file system mirrors. */
export const builtProvider = (cacheDir: string, platform: string) =>
  join(
    cacheDir,
    'providers/registry.terraform.io/kreuzwerker/docker',
    PROVIDER_VERSION,
    platform,
    `terraform-provider-docker_v${PROVIDER_VERSION}`,
  );

const DISCOVERY = 'https://registry.terraform.io/.well-known/terraform.json';
const ASK_TIMEOUT_MS = 3000;
const REMEMBERED_MS = 24 * 60 * 60 * 1000;

/**
 * Whether Terraform can download providers: asks the registry once, and remembers a yes for a day.
 */
export async function registryAnswers(
  { cacheDir }: Pick<SetupContext, 'cacheDir'>,
  now: number,
): Promise<boolean> {
  const memory = join(cacheDir, 'provider-registry-answered');
  const answered = await stat(memory).catch(() => undefined);
  if (answered !== undefined && now - answered.mtimeMs < REMEMBERED_MS) return true;
  const yes = await asked();
  if (yes) {
    await mkdir(dirname(memory), { recursive: true, mode: 0o700 });
    await writeFile(memory, '');
  }
  return yes;
}

async function asked(): Promise<boolean> {
  try {
    // Loaded on demand, as in most runs nothing is asked.
    const { ask } = await import('../lib/http/ask.js');
    const { status, text } = await ask({ url: DISCOVERY, timeoutMs: ASK_TIMEOUT_MS });
    const document = JSON.parse(text) as Record<string, unknown>;
    return status === 200 && typeof document['providers.v1'] === 'string';
  } catch {
    return false;
  }
}
