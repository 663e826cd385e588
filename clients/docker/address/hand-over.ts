import { type EngineAddress, misconfigured, TLS_FILES } from './engine-address.js';
import { isSocket } from './parse-host.js';

/** Carries the resolved engine to the stages that Terraform starts. */
const VARIABLE = 'CLUSTERKIT_ENGINE';

/** The engine that the command around this process resolved. */
export function handedOver(env: NodeJS.ProcessEnv): EngineAddress | undefined {
  const text = env[VARIABLE];
  if (!text) return undefined;
  try {
    const engine = JSON.parse(text) as EngineAddress;
    if (typeof engine.host === 'string' && typeof engine.from === 'string') return engine;
  } catch {
    // The error below says it.
  }
  const hint = `Unset ${VARIABLE}: the kit sets it for its own programs.`;
  throw misconfigured(VARIABLE, 'it is no address of an engine', hint);
}

/** Variables by which docker's programs and Terraform's provider would find another engine. */
const OF_DOCKER = [
  'DOCKER_HOST',
  'DOCKER_CONTEXT',
  'DOCKER_TLS',
  'DOCKER_TLS_VERIFY',
  'DOCKER_CERT_PATH',
  'DOCKER_CA_MATERIAL',
  'DOCKER_CERT_MATERIAL',
  'DOCKER_KEY_MATERIAL',
];

/**
 * The environment in which Terraform, its provider and the stages use exactly this engine.
 * `undefined` removes a variable.
 * @throws KitError `engine-misconfigured` (exit 2) for TLS that the provider does not support
 */
export function engineVariables(engine: EngineAddress): Record<string, string | undefined> {
  const { host, certPath } = providerSettings(engine);
  return {
    ...Object.fromEntries(OF_DOCKER.map((name) => [name, undefined])),
    DOCKER_HOST: host,
    ...(certPath !== '' && { DOCKER_CERT_PATH: certPath, DOCKER_TLS_VERIFY: '1' }),
    [VARIABLE]: JSON.stringify(engine),
  };
}

/**
 * The settings of Terraform's Docker provider for this engine. Empty texts keep it from reading the
 * variables that it knows.
 * @throws KitError `engine-misconfigured` (exit 2) for TLS that the provider does not support
 */
export function providerSettings({ host, from, tls }: EngineAddress) {
  if (tls === undefined || isSocket(host)) return { host, context: '', certPath: '' };
  const missing = TLS_FILES.filter((file) => !tls.files.includes(file));
  if (tls.isVerified && missing.length === 0) {
    return { host, context: '', certPath: tls.directory };
  }
  const lack = tls.isVerified
    ? `${tls.directory} has no ${missing.join(', ')}`
    : 'its certificate is not to be verified';
  throw misconfigured(
    from,
    `Terraform's Docker provider cannot reach ${host}: ${lack}`,
    'It needs ca.pem, cert.pem and key.pem in one directory, and verifies: set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH, or create the context with all three.',
  );
}
