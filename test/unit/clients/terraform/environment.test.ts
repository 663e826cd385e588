import { describe, expect, it } from 'vitest';
import { strayVariables, terraformEnvironment } from '../../../../clients/terraform/environment.js';

const PLACE = { dataDir: '/cache/data', cwd: '/home/me' };
const OF_THE_KIT = {
  TF_IN_AUTOMATION: '1',
  TF_INPUT: '0',
  CHECKPOINT_DISABLE: '1',
  TF_DATA_DIR: '/cache/data',
  TF_CLI_CONFIG_FILE: '/dev/null',
};

describe('what Terraform gets of the user’s environment', () => {
  it.each([
    ['PATH', '/bin'],
    ['HOME', '/home/me'],
    ['HTTP_PROXY', 'http://proxy:3128'],
    ['HTTPS_PROXY', 'http://proxy:3128'],
    ['https_proxy', 'http://proxy:3128'],
    ['NO_PROXY', 'localhost'],
    ['SSL_CERT_FILE', '/ca.pem'],
    ['SSL_CERT_DIR', '/ca'],
    ['AWS_ACCESS_KEY_ID', 'a backend’s'],
    ['ARM_CLIENT_SECRET', 'a backend’s'],
    ['GOOGLE_CREDENTIALS', 'a backend’s'],
    ['DIGITALOCEAN_TOKEN', 'dop'],
    ['TF_TOKEN_app_terraform_io', 'a registry’s'],
    ['TF_HTTP_PASSWORD', 'a backend’s'],
    ['TF_PLUGIN_CACHE_DIR', '/plugins'],
    ['TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE', '1'],
    ['TF_LOG', 'TRACE'],
    ['TF_LOG_CORE', 'TRACE'],
    ['TF_LOG_PROVIDER', 'TRACE'],
    ['TF_LOG_PROVIDER_DIGITALOCEAN', 'TRACE'],
    ['TF_REGISTRY_CLIENT_TIMEOUT', '15'],
    ['TF_REGISTRY_DISCOVERY_RETRY', '2'],
    ['TF_APPEND_USER_AGENT', 'me'],
    ['TFENV_TERRAFORM_VERSION', '1.11.4'],
    ['CLUSTERKIT_SOURCE', '203.0.113.1'],
  ])('%s stays', (name, value) => {
    expect(terraformEnvironment({ [name]: value }, PLACE)).toEqual({
      [name]: value,
      ...OF_THE_KIT,
    });
  });

  it.each([
    // State
    ['TF_WORKSPACE', 'prod'],
    ['TF_ENCRYPTION', 'key_provider "pbkdf2" "x" {}'],
    ['TF_FORCE_LOCAL_BACKEND', '1'],
    ['TF_STATE_PERSIST_INTERVAL', '9999'],
    ['TF_CLOUD_ORGANIZATION', 'acme'],
    ['TF_CLOUD_HOSTNAME', 'example.com'],
    ['OPENTOFU_STATEFILE_PROVIDER_ADDRESS_TRANSLATION', '0'],
    // Arguments and questions
    ['TF_CLI_ARGS', '-lock=false'],
    ['TF_CLI_ARGS_plan', '-destroy'],
    ['TF_CLI_ARGS_apply', '-target=x'],
    ['TF_CLI_ARGS_init', '-from-module=evil'],
    ['TF_VAR_port', '1'],
    // Providers
    ['TF_REATTACH_PROVIDERS', '{}'],
    ['TF_SKIP_PROVIDER_VERIFY', '1'],
    ['TF_DISABLE_PLUGIN_TLS', '1'],
    ['TERRAFORM_CONFIG', '/home/me/rc'],
    // What nobody knows yet
    ['TF_SOMETHING_NEW', '1'],
    ['TOFU_SOMETHING_NEW', '1'],
  ])('%s does not', (name, value) => {
    expect(terraformEnvironment({ [name]: value }, PLACE)).toEqual(OF_THE_KIT);
  });

  it.each(Object.keys(OF_THE_KIT))('%s is the kit’s, whatever the user says', (name) => {
    expect(terraformEnvironment({ [name]: 'other' }, PLACE)).toEqual(OF_THE_KIT);
  });

  it('the user’s configuration is there for an installation only', () => {
    const env = { TF_CLI_CONFIG_FILE: '/home/me/rc', TERRAFORM_CONFIG: '/old' };
    const { TF_CLI_CONFIG_FILE: _, ...rest } = OF_THE_KIT;
    expect(terraformEnvironment(env, { ...PLACE, asUser: true })).toEqual({ ...env, ...rest });
  });

  it('a log goes where the user is, not where Terraform runs', () => {
    const { TF_LOG_PATH } = terraformEnvironment({ TF_LOG_PATH: './trace.log' }, PLACE);
    expect(TF_LOG_PATH).toBe('/home/me/trace.log');
  });

  it('changes nothing in what it receives', () => {
    const env = Object.freeze({ TF_WORKSPACE: 'prod', PATH: '/bin' });
    terraformEnvironment(env, PLACE);
    expect(env).toEqual({ TF_WORKSPACE: 'prod', PATH: '/bin' });
  });
});

it('strayVariables names what would move a Terraform that cdktf starts', () => {
  const env = {
    TF_WORKSPACE: 'prod',
    TF_DATA_DIR: '/data',
    TF_CLI_ARGS: '-x',
    TF_CLI_ARGS_plan: '-x',
    TF_REATTACH_PROVIDERS: '{}',
    TF_ENCRYPTION: 'x',
    TF_LOG: 'TRACE',
    TF_PLUGIN_CACHE_DIR: '/plugins',
    TF_CLI_CONFIG_FILE: '/rc',
    TF_IN_AUTOMATION: '1',
  };
  expect(strayVariables(env)).toEqual([
    'TF_CLI_ARGS',
    'TF_CLI_ARGS_plan',
    'TF_DATA_DIR',
    'TF_ENCRYPTION',
    'TF_REATTACH_PROVIDERS',
    'TF_WORKSPACE',
  ]);
  expect(strayVariables({ TF_WORKSPACE: '' })).toEqual([]);
});
