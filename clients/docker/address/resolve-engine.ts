import { engineOfContext } from './context-store.js';
import { readDockerConfig, textIn } from './docker-config.js';
import { correctOrUnset, type EngineAddress, misconfigured, shownValue } from './engine-address.js';
import { handedOver } from './hand-over.js';
import { localSockets } from './local-sockets.js';
import { DEFAULT_SOCKET, isSocket, parseHost } from './parse-host.js';
import { tlsOfEnvironment } from './tls.js';

/**
 * The engine that a command uses, found as the docker CLI finds it: `DOCKER_HOST`, `DOCKER_CONTEXT`, the
 * current context of `config.json`, the default socket. Where that socket does not exist: the first
 * socket of this machine's engines. Asks no engine. Every command resolves it once.
 *
 * @throws KitError `engine-misconfigured` (exit 2)
 */
export async function resolveEngine(
  env: NodeJS.ProcessEnv,
  { platform = process.platform, defaultSocket = DEFAULT_SOCKET } = {},
): Promise<EngineAddress> {
  const given = handedOver(env);
  if (given !== undefined) return given;
  if (env.DOCKER_HOST?.trim()) return engineOfHost(env.DOCKER_HOST, env);
  const { name, from } = env.DOCKER_HOST ? NO_CONTEXT : await contextOf(env);
  if (name !== 'default') return engineOfContext(name, from, env);
  const tls = await tlsOfEnvironment(env);
  if (tls !== undefined) {
    const variable = tls.isVerified ? 'DOCKER_TLS_VERIFY' : 'DOCKER_TLS';
    return { host: 'tcp://localhost:2376', from: `${variable} without DOCKER_HOST`, tls };
  }
  if (platform === 'win32') return { host: parseHost('npipe://'), from: "docker's default pipe" };
  const [first] = await localSockets(env, defaultSocket);
  return first === undefined
    ? { host: `unix://${defaultSocket}`, from: "docker's default socket" }
    : { host: `unix://${first.path}`, from: first.from };
}

const NO_CONTEXT = { name: 'default', from: 'DOCKER_HOST' };

/** The name of the context in use, and what names it. */
async function contextOf(env: NodeJS.ProcessEnv) {
  const variable = env.DOCKER_CONTEXT;
  if (variable) return { name: variable, from: `DOCKER_CONTEXT=${shownValue(variable)}` };
  const config = await readDockerConfig(env);
  const current = textIn(config, 'currentContext');
  if (current === undefined) return NO_CONTEXT;
  return { name: current, from: `currentContext ${shownValue(current)} of ${config.path}` };
}

async function engineOfHost(value: string, env: NodeJS.ProcessEnv): Promise<EngineAddress> {
  const host = hostOf(value);
  const overridden = env.DOCKER_CONTEXT && `, which overrides DOCKER_CONTEXT`;
  const from = `DOCKER_HOST${overridden || ''}`;
  // As docker does: nothing about TLS applies to a socket or to ssh.
  if (isSocket(host) || host.startsWith('ssh:')) return { host, from };
  const tls = await tlsOfEnvironment(env);
  return { host, from, ...(tls && { tls }) };
}

function hostOf(value: string): string {
  try {
    return parseHost(value);
  } catch (error) {
    const message = `'${shownValue(value)}' is no address of an engine: ${(error as Error).message}`;
    throw misconfigured('DOCKER_HOST', message, correctOrUnset('DOCKER_HOST'));
  }
}
