import { readFile, stat } from 'node:fs/promises';
import { environmentError, hasCode, type KitError } from '../../lib/errors.js';
import type { EngineAddress } from './address/engine-address.js';
import { isSocket, socketPathOf } from './address/parse-host.js';

/** Why an engine cannot be used: the error that names it, what names it, the reason, and the way out. */
export async function unreachable(engine: EngineAddress, cause: unknown): Promise<KitError> {
  const { host, from } = engine;
  const {
    reason,
    hint = hintFor(from),
    code = 'engine-unreachable',
  } = await reasonOf(engine, cause);
  const message = `no Docker engine answers (from ${from}): ${reason}`;
  return environmentError(code, { path: host, message, hint, cause });
}

interface Reason {
  readonly reason: string;
  /** @default - start it, or choose another */
  readonly hint?: string;
  readonly code?: string;
}

async function reasonOf({ host, tls }: EngineAddress, cause: unknown): Promise<Reason> {
  const { message } = cause as Error;
  if (isSocket(host)) {
    const path = socketPathOf(host);
    if (hasCode(cause, 'EACCES', 'EPERM')) return noRights(path);
    if (hasCode(cause, 'ENOENT', 'ENOTDIR')) return { reason: 'there is no such socket' };
    if (hasCode(cause, 'ECONNREFUSED', 'ENOTSOCK')) {
      return { reason: 'nothing listens on this socket: its engine has stopped' };
    }
    if (hasCode(cause, 'EINVAL', 'ENAMETOOLONG')) {
      return { reason: 'the path is longer than a socket allows (about 100 bytes)' };
    }
  }
  if (hasCode(cause, 'ECONNREFUSED')) return { reason: 'nothing listens there' };
  if (hasCode(cause, 'ENOTFOUND', 'EAI_AGAIN')) return { reason: 'its host name is unknown' };
  if (isTlsError(cause)) {
    const with_ = tls?.files.length ? ` with the files in ${tls.directory}` : '';
    return {
      code: 'engine-tls-failed',
      reason: `TLS fails${with_}: ${message}`,
      hint: 'Check that ca.pem is of the authority that signed the engine’s certificate, that cert.pem and key.pem belong together, and that the port speaks TLS.',
    };
  }
  if (/HTTPS server/.test(message)) {
    const hint =
      'Set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH, or use a context with its certificates.';
    return { code: 'engine-tls-failed', reason: 'it demands TLS', hint };
  }
  return { reason: message };
}

/** A user who may not use the socket; starting Docker would not help. */
async function noRights(path: string): Promise<Reason> {
  const group = await groupOf(path);
  const user = '"$USER"';
  const join =
    group === undefined
      ? 'Ask its owner for access'
      : `Add this user to the group ${group} (\`sudo usermod -aG ${group} ${user}\`) and log in again`;
  return {
    code: 'engine-forbidden',
    reason: `this user may not use the socket${group === undefined ? '' : `, which is for the group ${group}`}`,
    hint: `${join}, or use a rootless engine: install one with dockerd-rootless-setuptool.sh, then \`docker context use rootless\`.`,
  };
}

/** Name of the group that a socket is for; `undefined`: unknown, or its owner's alone. */
async function groupOf(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || (found.mode & 0o020) === 0) return undefined;
  const groups = await readFile('/etc/group', 'utf8').catch(() => '');
  const line = groups.split('\n').find((each) => each.split(':')[2] === String(found.gid));
  const name = line?.split(':')[0];
  return name === 'root' ? undefined : name;
}

const isTlsError = (cause: unknown): boolean =>
  cause instanceof Error &&
  /CERT|^ERR_TLS|^ERR_SSL|^ERR_OSSL|^EPROTO$|UNABLE_TO_(VERIFY|GET)|SELF_SIGNED/.test(
    (cause as NodeJS.ErrnoException).code ?? '',
  );

function hintFor(from: string): string {
  if (from.startsWith('DOCKER_')) {
    const [variable] = from.split(/[=,\s]/);
    return `Start that engine, or unset ${variable} to use docker's current context.`;
  }
  if (from.startsWith('currentContext')) {
    return 'Start that engine, or choose another with `docker context use` or DOCKER_HOST.';
  }
  return 'Start Docker, point DOCKER_HOST at an engine, or run scripts/setup.';
}
