import { resolve } from 'node:path';

/** Where docker looks when nothing is set. */
export const DEFAULT_SOCKET = '/var/run/docker.sock';
const DEFAULT_PIPE = '//./pipe/docker_engine';

const ALLOWED = 'allowed: unix://PATH, tcp://HOST:PORT, ssh://USER@HOST, npipe://PIPE';

/**
 * The complete address that `value` means, read as the docker CLI reads `DOCKER_HOST`. A relative
 * path of a socket starts at `cwd`, because other programs run elsewhere.
 *
 * @throws Error with the reason
 */
export function parseHost(value: string, cwd = process.cwd()): string {
  const text = value.trim();
  const at = text.indexOf('://');
  const [scheme, rest] = at === -1 ? ['tcp', text] : [text.slice(0, at), text.slice(at + 3)];
  if (rest.includes('://')) throw new Error(`it has two schemes; ${ALLOWED}`);
  switch (scheme) {
    case 'unix':
      return `unix://${resolve(cwd, rest || DEFAULT_SOCKET)}`;
    case 'npipe':
      return `npipe://${rest || DEFAULT_PIPE}`;
    case 'tcp':
      return parseTcp(rest);
    case 'ssh':
      return parseSsh(text);
    default:
      throw new Error(`'${scheme}' is no scheme of an engine; ${ALLOWED}`);
  }
}

function parseTcp(rest: string): string {
  const [authority = '', ...path] = rest.split('/');
  const named = authority === '' || authority.startsWith(':') ? `localhost${authority}` : authority;
  const url = urlOf(`tcp://${[named, ...path].join('/')}`);
  return `tcp://${url.hostname}:${url.port || 2375}${url.pathname.replace(/\/$/, '')}`;
}

function parseSsh(text: string): string {
  const url = urlOf(text);
  if (url.password !== '') throw new Error('a password in an ssh address is not supported');
  if (url.hostname === '') throw new Error(`the host is missing; ${ALLOWED}`);
  if (url.search || url.hash) throw new Error('an ssh address has neither ? nor #');
  return text;
}

function urlOf(text: string): URL {
  if (!URL.canParse(text)) throw new Error(`host or port are invalid; ${ALLOWED}`);
  return new URL(text);
}

/** Local: a socket or pipe of this machine, which needs no TLS. */
export const isSocket = (host: string): boolean => /^(unix|npipe):/.test(host);

/** The path of a local engine, as Node.js takes it. */
export const socketPathOf = (host: string): string => host.slice(host.indexOf('://') + 3);
