import { BlockList, isIP } from 'node:net';
import { NoAnswer, type ProxyName } from './no-answer.js';

/** The proxy of a request. */
export interface HttpProxy extends ProxyName {
  /** With its credentials. */
  readonly url: URL;
}

type Environment = Readonly<Record<string, string | undefined>>;

let environment: Environment = {};

/** Takes the proxies of `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`. For entry points, once. */
export function useProxies(env: Environment): void {
  environment = env;
}

const SCHEMES = new Set(['http:', 'https:', 'socks5:', 'socks:']);

/**
 * The proxy for an address, by the rules of curl: lower case first, `NO_PROXY` with names, their
 * subdomains, ports, networks and `*`. Never one for this machine.
 *
 * @throws NoAnswer when the variable has no address of a proxy
 */
export function proxyFor(url: URL, env: Environment = environment): HttpProxy | undefined {
  const scheme = url.protocol.slice(0, -1);
  const names = [`${scheme}_proxy`, 'all_proxy'].flatMap((name) => [name, name.toUpperCase()]);
  const variable = names.find((name) => env[name]?.trim());
  if (variable === undefined) return undefined;
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (isThisMachine(host)) return undefined;
  if (isExcepted(host, portOf(url), env.no_proxy ?? env.NO_PROXY ?? '')) return undefined;
  const given = env[variable]?.trim() ?? '';
  const text = /^[a-z0-9]+:\/\//i.test(given)
    ? given.replace(/^socks5h:/i, 'socks5:')
    : `http://${given}`;
  const proxy = URL.canParse(text) ? new URL(text) : undefined;
  if (proxy === undefined || !SCHEMES.has(proxy.protocol)) throw unusable(variable);
  return { url: proxy, name: `${proxy.protocol}//${proxy.host}`, variable };
}

/** The value may contain a password, so the message does not. */
const unusable = (variable: string) =>
  new NoAnswer(`${variable} is not the address of a proxy: write http://name:port`);

const portOf = ({ port, protocol }: URL) => port || (protocol === 'https:' ? '443' : '80');

/** Loopback in every notation that a URL keeps. */
function isThisMachine(host: string): boolean {
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  return (
    host === '::1' ||
    host === '::' ||
    host === '0.0.0.0' ||
    /^(::ffff:)?127\./.test(host) ||
    host.startsWith('::ffff:7f')
  );
}

function isExcepted(host: string, port: string, list: string): boolean {
  return list
    .split(/[\s,]+/)
    .filter((each) => each !== '')
    .some((each) => each === '*' || covers(each.toLowerCase(), host, port));
}

/** `example.com`, `.example.com`, `*.example.com`, `10.0.0.0/8`, `[::1]`, each with or without port. */
function covers(exception: string, host: string, port: string): boolean {
  const [, bare = exception, itsPort] = /^(\[[^\]]*\]|[^:]*):(\d+)$/.exec(exception) ?? [];
  if (itsPort !== undefined && itsPort !== port) return false;
  const name = bare.replace(/^\[|\]$/g, '').replace(/^\*?\.|\.$/g, '');
  const [address = '', bits] = name.split('/');
  if (bits !== undefined) return isInNetwork(host, address, Number(bits));
  return host === name || (isIP(host) === 0 && host.endsWith(`.${name}`));
}

function isInNetwork(host: string, network: string, bits: number): boolean {
  const family = isIP(network);
  if (family === 0 || isIP(host) !== family || !(bits >= 0 && bits <= (family === 4 ? 32 : 128)))
    return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const block = new BlockList();
  block.addSubnet(network, bits, type);
  return block.check(host, type);
}
