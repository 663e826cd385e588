import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { homeOf } from '../../clients/docker/address/docker-config.js';

/** File of a function's build with the certificate authorities of this machine; not in the image. */
export const AUTHORITIES = '.clusterkit/authorities.pem';

/** Where Debian keeps the authorities that somebody added to a machine. */
const ADDED = '/usr/local/share/ca-certificates';

const PROXIES = ['HTTP_PROXY', 'HTTPS_PROXY', 'FTP_PROXY', 'ALL_PROXY', 'NO_PROXY'];

/** A container does not reach the loopback addresses of this machine. */
const LOOPBACK = /^([a-z0-9]+:\/\/)?([^@/]*@)?(localhost|127\.|\[?::1)/i;

/**
 * The proxies of the environment as arguments of a build. Docker knows these names: they are neither in the image's
 * history nor part of the cache's key.
 */
export function proxyArguments(env: NodeJS.ProcessEnv): Record<string, string> {
  const names = PROXIES.flatMap((name) => [name, name.toLowerCase()]);
  const given = names.map((name) => [name, env[name]?.trim() ?? ''] as const);
  return Object.fromEntries(
    given.filter(([name, value]) => value !== '' && (/no_/i.test(name) || !LOOPBACK.test(value))),
  );
}

/**
 * Files that a build with npm needs on this machine: the authorities that it trusts in addition, those of
 * `NODE_EXTRA_CA_CERTS` and npm's `cafile` in the first place. The file is empty when there are none.
 */
export async function networkFiles(env: NodeJS.ProcessEnv): Promise<Map<string, string>> {
  const named = [
    env.NODE_EXTRA_CA_CERTS,
    env.npm_config_cafile,
    cafileOf(await textOf(env.NPM_CONFIG_USERCONFIG ?? join(homeOf(env), '.npmrc'))),
  ].filter((path): path is string => Boolean(path));
  const added = await readdir(ADDED).catch(() => []);
  const paths = [
    ...named,
    ...added.filter((name) => name.endsWith('.crt')).map((name) => join(ADDED, name)),
  ];
  const texts = await Promise.all([...new Set(paths)].map(textOf));
  return new Map([[AUTHORITIES, certificatesOf(texts.join('\n')).join('\n')]]);
}

const textOf = (path: string) => readFile(path, 'utf8').catch(() => '');

/** Each certificate once; nothing else of a file, such as a key. */
const certificatesOf = (text: string): string[] => [
  ...new Set(text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g)),
];

const cafileOf = (npmrc: string): string | undefined =>
  /^\s*cafile\s*=\s*"?([^"\n]+?)"?\s*$/m.exec(npmrc)?.[1];
