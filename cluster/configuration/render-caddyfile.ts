import { CONFIG_DIRECTORY, CONFIG_FILES, EDGE_HTTP_PORT } from '../names.js';

/** Configuration of Caddy in front of a cluster's gateway. Nothing in it is secret. */
export interface ProxyConfiguration {
  /** Source of the certificate: an authority for a domain, or the kit itself. */
  readonly tls:
    | {
        readonly kind: 'acme';
        readonly domain: string;
        /** Contact address for the authority. @default - none */
        readonly email?: string | undefined;
        /** Directory of the authority. @default - Caddy's: Let's Encrypt */
        readonly directory?: string | undefined;
        /** The authority is not well known: its root is in the configuration volume. */
        readonly hasOwnRoot: boolean;
      }
    | { readonly kind: 'pinned' };
  /** Port for https as clients see it; inside the container it is {@link PROXY_PORTS}. */
  readonly port: number;
  /** Address of the gateway, such as `http://gateway:4466`. */
  readonly upstream: string;
  /** Host names of applications; only with an authority. @default - none */
  readonly sites?: readonly AppSite[] | undefined;
}

/** The host names of one application. */
export interface AppSite {
  readonly domains: readonly string[];
  /** Addresses and blocks that may use them. @default - everybody */
  readonly sources?: readonly string[] | undefined;
}

/**
 * Where the edge takes requests for host names. Caddy resolves it for each connection: it comes up before an edge
 * exists, and finds it later.
 */
const EDGE = `http://edge:${EDGE_HTTP_PORT}`;

/** Where Caddy stores certificates of an authority, and its account there. */
const CERTIFICATES_DIRECTORY = '/data';

/** Ports inside the container. */
const PROXY_PORTS = { https: 443, http: 80 } as const;

/** Port of the image's health check, on the container's loopback. */
const HEALTH_PORT = 2020;

/**
 * The Caddyfile of a cluster. It needs Caddy 2.6 without plugins.
 *
 * It sets few timeouts: the gateway behind it limits slow clients and servers, and streams and
 * subscriptions may last. Caddy replaces the `X-Forwarded-For` of clients.
 */
export const renderCaddyfile = (configuration: ProxyConfiguration): string => {
  const { tls, port, upstream, sites = [] } = configuration;
  const site = tls.kind === 'acme' ? `https://${tls.domain}` : `https://:${PROXY_PORTS.https}`;
  return `${[
    '{',
    ...indented([
      'admin off',
      `storage file_system ${CERTIFICATES_DIRECTORY}/caddy`,
      'skip_install_trust',
      // Pinned: requests no certificate, and does not listen on port 80.
      `auto_https ${tls.kind === 'acme' ? 'disable_redirects' : 'off'}`,
      'grace_period 10s',
      ...block('servers', [
        'protocols h1 h2',
        ...block('timeouts', ['read_header 10s', 'idle 5m']),
      ]),
      // Requests carry tokens in headers, and may in URLs: do not log them.
      ...block('log', [
        'format filter {',
        '\twrap json',
        '\tfields {',
        '\t\trequest delete',
        '\t}',
        '}',
      ]),
    ]),
    '}',
    '',
    ...block(site, [...tlsLines(tls), ...proxyLines(upstream)]),
    '',
    ...sites.flatMap((each) => [...appSite(each, tls), '']),
    ...sites.flatMap((each) => [...appRedirect(each, port), '']),
    ...(tls.kind === 'acme' ? redirect(tls.domain, port) : []),
    ...block(`http://:${HEALTH_PORT}`, ['bind 127.0.0.1', 'respond /healthz 200', 'respond 404']),
  ].join('\n')}\n`;
};

/** 308 keeps the method. Caddy answers the authority's challenges before this redirect. */
const redirect = (domain: string, port: number) => [
  ...block(`http://:${PROXY_PORTS.http}`, [redirectTo(domain, port)]),
  '',
];

const redirectTo = (host: string, port: number) =>
  `redir https://${host}${port === PROXY_PORTS.https ? '' : `:${port}`}{uri} 308`;

/** Caddy passes the name that the client asked for, by which the edge finds the application. */
const appSite = ({ domains, sources }: AppSite, tls: ProxyConfiguration['tls']): string[] =>
  block(domains.map((domain) => `https://${domain}`).join(', '), [
    ...tlsLines(tls),
    ...(sources ? [`@others not remote_ip ${sources.join(' ')}`, 'respond @others 403'] : []),
    ...proxyLines(EDGE),
  ]);

/** `{host}` is one of the names. */
const appRedirect = ({ domains }: AppSite, port: number): string[] =>
  block(domains.map((domain) => `http://${domain}`).join(', '), [redirectTo('{host}', port)]);

const proxyLines = (upstream: string): string[] =>
  block(`reverse_proxy ${upstream}`, [
    'flush_interval -1',
    ...block('transport http', [
      'versions 1.1',
      'dial_timeout 5s',
      // Shorter than the gateway's, so that Caddy never reuses a connection that the gateway closes.
      'keepalive 30s',
      'compression off',
    ]),
  ]);

function tlsLines(tls: ProxyConfiguration['tls']): string[] {
  const file = (name: string) => `${CONFIG_DIRECTORY}/${name}`;
  if (tls.kind === 'pinned') {
    return [`tls ${file(CONFIG_FILES.certificate)} ${file(CONFIG_FILES.certificateKey)}`];
  }
  const { email, directory, hasOwnRoot } = tls;
  return block('tls', [
    ...block('issuer acme', [
      ...(directory === undefined ? [] : [`dir ${word(directory)}`]),
      ...(email === undefined ? [] : [`email ${word(email)}`]),
      ...(hasOwnRoot ? [`trusted_roots ${file(CONFIG_FILES.acmeRoot)}`] : []),
      // The https port need not be 443, and is open to the cluster's clients only.
      'disable_tlsalpn_challenge',
    ]),
  ]);
}

const block = (head: string, lines: readonly string[]): string[] => [
  `${head} {`,
  ...indented(lines),
  '}',
];

const indented = (lines: readonly string[]) => lines.map((line) => `\t${line}`);

/** Back quotes escape everything, and settings allow none inside. */
const word = (text: string) => `\`${text.replaceAll('`', '')}\``;
