import { mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { findTerraform } from '../../../clients/terraform/terraform-binary.js';
import { cacheDirectory } from '../../../cluster/project.js';
import { findProgram } from '../../../lib/find-program.js';
import { startDigitalOceanApi, TEST_TOKEN } from '../../support/digitalocean/api/server.js';
import { STAND_IN_DELAY, standInProvider } from '../../support/digitalocean/provider.js';
import { synthesizeText } from '../../support/synthesize-text.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { ProviderStack, type StackProps } from './provider-stack.js';

export const provider = await standInProvider(process.env, homedir());
const terraform = await findTerraform(process.env, cacheDirectory(process.env, homedir()));
export const tofu = await findProgram('tofu', process.env);

/** A fake account that is gone when the running test ends, and the provider's way to it. */
export async function account() {
  const api = await startDigitalOceanApi();
  onTestFinished(() => api.close());
  return { api, provider: { apiEndpoint: api.url, token: TEST_TOKEN } };
}

/** What a run of Terraform says, as its `-json` lines. */
interface Said {
  readonly type: string;
  readonly '@message': string;
  readonly change?: {
    readonly action: string;
    readonly resource: { readonly resource_type: string; readonly resource: string };
  };
}

export interface WorkspaceOptions {
  /** Of Terraform or OpenTofu. */
  readonly binary?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** @default one that is gone when the running test ends */
  readonly directory?: string;
}

/** A directory for a synthesized stack, and what Terraform does in it. */
export async function workspace(options: WorkspaceOptions = {}) {
  const directory = options.directory ?? (await temporaryDirectory());
  const home = join(directory, 'home');
  await mkdir(home);
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    CHECKPOINT_DISABLE: '1',
    TF_IN_AUTOMATION: '1',
    // None of the user's.
    TF_CLI_CONFIG_FILE: '/dev/null',
    DIGITALOCEAN_HTTP_RETRY_WAIT_MIN: '0.01',
    DIGITALOCEAN_HTTP_RETRY_WAIT_MAX: '0.05',
    [STAND_IN_DELAY]: '0',
    ...options.env,
  };
  const run = (...argv: string[]) =>
    execa(options.binary ?? terraform, argv, {
      cwd: directory,
      env,
      extendEnv: false,
      reject: false,
      all: true,
      stdin: 'ignore',
    });
  const write = (content: object | string) =>
    writeFile(
      join(directory, 'cdk.tf.json'),
      typeof content === 'string' ? content : JSON.stringify(content),
    );
  const good = async (...argv: string[]) => {
    const { exitCode, all, stdout } = await run(...argv);
    if (exitCode !== 0) throw new Error(`terraform ${argv.join(' ')} (${exitCode}):\n${all}`);
    return stdout;
  };
  return {
    directory,
    /** For what calls Terraform by itself. */
    terraform: {
      binary: options.binary ?? terraform,
      directory,
      dataDir: join(directory, '.terraform'),
      env,
    },
    run,
    write,
    good,
    use: async (props: StackProps) => write(synthesized(props)),
    init: () => good('init', '-input=false', `-plugin-dir=${provider.mirror}`),
    /** What would change, as `create ssh_key`, sorted; empty for no change. */
    plan: async () => changes(await good('plan', '-json', '-input=false')),
    apply: () => good('apply', '-auto-approve', '-input=false', '-no-color'),
    destroy: () => good('destroy', '-auto-approve', '-input=false', '-no-color'),
    state: async () => JSON.parse(await good('show', '-json')) as ShownState,
  };
}

export interface ShownState {
  readonly values?: {
    readonly root_module: {
      readonly resources: readonly {
        readonly address: string;
        readonly type: string;
        readonly name: string;
        readonly values: Readonly<Record<string, unknown>>;
      }[];
    };
  };
}

/** The values of a resource or data source of a type; of a name where there are several. */
export function valuesOf(state: ShownState, address: string) {
  const found = state.values?.root_module.resources.find((one) => one.address === address);
  if (found === undefined) throw new Error(`no ${address} in the state`);
  return found.values;
}

/** `cdk.tf.json` of a stack. */
export const synthesized = (props: StackProps): string =>
  synthesizeText((app) => new ProviderStack(app, 'stack', props));

function changes(lines: string): string[] {
  return lines
    .split('\n')
    .map((line) => JSON.parse(line) as Said)
    .flatMap(({ type, change }) =>
      type === 'planned_change' && change
        ? [`${change.action} ${change.resource.resource.replace('digitalocean_', '')}`]
        : [],
    )
    .sort();
}
