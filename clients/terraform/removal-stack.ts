import { DIGITALOCEAN_PROVIDER, DOCKER_PROVIDER } from './built-provider.js';
import { managedIn, type State } from './state/state.js';

/** The program of a stage, and the environment variables that it must not see. */
export interface RemovalCommand {
  readonly interpreter: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * A stack that removes everything in a state and makes nothing, for a cluster whose settings are gone. It is made of
 * the state alone: a `cdk.tf.json` that is found may be planted, or call a program that is gone.
 *
 * @param commands run before the removal of a `terraform_data` resource of that name
 */
export function removalStack(
  stateFile: string,
  state: State,
  commands: Readonly<Record<string, RemovalCommand>>,
) {
  const resources = managedIn(state);
  const uses = (source: string) =>
    resources.some(({ provider }) => provider?.includes(`/${source}"`));
  const providers = Object.entries(PROVIDERS).filter(([, { source }]) => uses(source));
  const data = resources.filter(({ type, name }) => type === 'terraform_data' && name in commands);
  return {
    terraform: {
      backend: { local: { path: stateFile } },
      required_providers: Object.fromEntries(
        providers.map(([name, { source, versions }]) => [name, { source, version: versions }]),
      ),
    },
    ...(providers.length > 0 && {
      provider: Object.fromEntries(providers.map(([name]) => [name, [{}]])),
    }),
    ...(data.length > 0 && {
      resource: {
        terraform_data: Object.fromEntries(
          data.map(({ name }) => [
            name,
            { provisioner: [{ 'local-exec': execOf(commands[name]) }] },
          ]),
        ),
      },
    }),
  };
}

const PROVIDERS = { docker: DOCKER_PROVIDER, digitalocean: DIGITALOCEAN_PROVIDER };

const execOf = (command: RemovalCommand | undefined) => ({
  when: 'destroy',
  ...command,
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform's template, not ours
  command: '${jsonencode(self.input)}',
});
