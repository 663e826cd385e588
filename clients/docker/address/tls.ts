import { access, constants, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '../../../lib/errors.js';
import { configDirectory } from './docker-config.js';
import { type EngineTls, misconfigured, TLS_FILES, type TlsFile } from './engine-address.js';

/** The TLS files of a directory. @throws KitError `engine-misconfigured` (exit 2) for unreadable ones */
export async function readableTls(directory: string, isVerified: boolean): Promise<EngineTls> {
  const files: TlsFile[] = [];
  for (const file of TLS_FILES) {
    const path = join(directory, file);
    try {
      await access(path, constants.R_OK);
      files.push(file);
    } catch (error) {
      if (!hasCode(error, 'ENOENT', 'ENOTDIR')) throw unreadable(path, error);
    }
  }
  return { directory, files, isVerified };
}

/**
 * TLS of an engine that no context names: `DOCKER_TLS_VERIFY`, `DOCKER_TLS` and `DOCKER_CERT_PATH`, as
 * the docker CLI reads them: any value switches on, `DOCKER_CERT_PATH` alone does nothing.
 * @returns `undefined`: without TLS
 * @throws KitError `engine-misconfigured` (exit 2)
 */
export async function tlsOfEnvironment(env: NodeJS.ProcessEnv): Promise<EngineTls | undefined> {
  const name = env.DOCKER_TLS_VERIFY ? 'DOCKER_TLS_VERIFY' : 'DOCKER_TLS';
  if (!env[name]) return undefined;
  const directory = env.DOCKER_CERT_PATH || configDirectory(env);
  const tls = await readableTls(directory, name === 'DOCKER_TLS_VERIFY');
  if (tls.files.includes('ca.pem')) return tls;
  const place = env.DOCKER_CERT_PATH ? 'DOCKER_CERT_PATH' : "docker's configuration directory";
  throw misconfigured(
    name,
    `it demands TLS, but ${place} (${directory}) has no ca.pem`,
    `Unset ${name} if it is left over from another engine, or set DOCKER_CERT_PATH to the directory with ca.pem, cert.pem and key.pem.`,
  );
}

/** The contents of the files, as Node's TLS takes them. @throws KitError `engine-misconfigured` (exit 2) */
export async function readTls({ directory, files }: EngineTls) {
  const read = async (file: TlsFile) => {
    if (!files.includes(file)) return undefined;
    const path = join(directory, file);
    return readFile(path).catch((error) => {
      throw unreadable(path, error);
    });
  };
  const [ca, cert, key] = await Promise.all(TLS_FILES.map(read));
  return { ...(ca && { ca }), ...(cert && key && { cert, key }) };
}

const unreadable = (path: string, error: unknown) =>
  misconfigured(
    path,
    `the file for TLS cannot be read: ${(error as Error).message}`,
    'Make it readable for this user, or choose another engine.',
  );
