import { resolve } from 'node:path';

/** Variables that Terraform and OpenTofu read as settings of their own. */
const OWN = /^(TF|TOFU|OPENTOFU|TERRAFORM)_/;

/**
 * Those of them that stay: logs, credentials, caches, and how registries are reached. Any other, known today or
 * not, could move state, data, arguments, workspace or providers.
 */
const KEPT = [
  /_LOG(_[A-Z_]+)?$/,
  /_TOKEN_/,
  /_HTTP_/,
  /_PLUGIN_CACHE_/,
  /_REGISTRY_/,
  /_PROVIDER_DOWNLOAD_RETRY$/,
  /_APPEND_USER_AGENT$/,
];

/** The user's configuration of Terraform: mirrors of providers, credentials of registries. */
const CONFIGURATION = ['TF_CLI_CONFIG_FILE', 'TERRAFORM_CONFIG'];

/** Settings of the kit's own for every run: no questions, no calls home. */
const SETTINGS = { TF_IN_AUTOMATION: '1', TF_INPUT: '0', CHECKPOINT_DISABLE: '1' };

/** What one run of Terraform differs in. */
export interface TerraformPlace {
  /** Directory of Terraform's own data, such as its links to providers. */
  readonly dataDir: string;
  /**
   * Reads the user's configuration of Terraform. It can name other providers than those that are installed, so
   * only an installation needs it.
   * @default false
   */
  readonly asUser?: boolean;
  /** Relative paths of the user's refer to it. */
  readonly cwd: string;
}

/**
 * The environment of a run of Terraform: the user's, without what would move its state, data, arguments,
 * workspace or providers. Proxies, certificates, credentials, plugin cache and logs stay.
 */
export function terraformEnvironment(
  env: NodeJS.ProcessEnv,
  { dataDir, asUser = false, cwd }: TerraformPlace,
): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(
    ([name]) => !isPinned(name) || (asUser && CONFIGURATION.includes(name)),
  );
  const absolute = kept.map(([name, value]) =>
    /_LOG_PATH$/.test(name) && value ? [name, resolve(cwd, value)] : [name, value],
  );
  return {
    ...Object.fromEntries(absolute),
    ...SETTINGS,
    TF_DATA_DIR: dataDir,
    ...(!asUser && { TF_CLI_CONFIG_FILE: '/dev/null' }),
  };
}

/** Does the kit set a variable itself when it runs Terraform, or leave it out? */
export const isPinned = (name: string): boolean =>
  OWN.test(name) && !KEPT.some((pattern) => pattern.test(name));

/**
 * Variables in `env` that move state, data, arguments, workspace or providers of a Terraform that the kit does not
 * start itself.
 */
export const strayVariables = (env: NodeJS.ProcessEnv): string[] =>
  Object.keys(env)
    .filter((name) => STRAY.test(name) && env[name] !== '')
    .sort();

const STRAY =
  /^TF_(DATA_DIR|WORKSPACE|CLI_ARGS(_.*)?|REATTACH_PROVIDERS|ENCRYPTION|FORCE_LOCAL_BACKEND|STATE_PERSIST_INTERVAL)$/;
