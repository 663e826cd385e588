import { execa } from 'execa';
import { Secret } from '../../../lib/secret.js';
import type { RegistryLogin } from './login.js';

/** Helpers may ask the user to unlock a store. */
const HELPER_MS = 60_000;

/** The name with which a helper says that an identity token takes the place of the password. */
const TOKEN = '<token>';

/** A helper's answer for a registry that it does not know. */
const NOT_FOUND = /credentials not found in native keychain/;

/** The program of a helper that docker's configuration names. */
export const helperProgram = (name: string): string => `docker-credential-${name}`;

/**
 * Asks a credential helper for a registry's login; `undefined`: it has none. The registry goes in through
 * its input; nothing secret is an argument.
 *
 * @throws Error with the reason, in the form of `which …`
 */
export async function askHelper(
  program: string,
  registry: string,
  env: NodeJS.ProcessEnv,
): Promise<RegistryLogin | undefined> {
  const { stdout, stderr, ...result } = await execa(program, ['get'], {
    input: registry,
    env,
    extendEnv: false,
    reject: false,
    timeout: HELPER_MS,
    maxBuffer: 1_000_000,
  });
  if (result.timedOut) throw new Error(`does not answer within ${HELPER_MS / 1000} s`);
  if (result.exitCode === undefined) {
    const isMissing = result.code === 'ENOENT';
    throw new Error(isMissing ? 'is not on the PATH' : `cannot be run (${result.shortMessage})`);
  }
  if (result.exitCode !== 0) {
    // Helpers report errors on their output.
    if (NOT_FOUND.test(stdout)) return undefined;
    const words = stdout.trim() || stderr.trim() || 'without a word';
    throw new Error(`ended with ${result.exitCode}: ${words.slice(0, 300)}`);
  }
  return read(stdout, registry);
}

function read(stdout: string, registry: string): RegistryLogin {
  const answer = parse(stdout);
  const { Username: username, Secret: secret } = answer;
  if (typeof username !== 'string' || typeof secret !== 'string') {
    throw new Error('gave no JSON with Username and Secret');
  }
  const kept = new Secret(secret);
  return username === TOKEN
    ? { registry, identityToken: kept }
    : { registry, username, password: kept };
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    return (JSON.parse(text) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}
