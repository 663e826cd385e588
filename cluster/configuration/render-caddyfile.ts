import { CONFIG_DIRECTORY, CONFIG_FILES } from '../names.js';

/** What Caddy is told before a cluster's gateway. Nothing in it is secret. */
export interface ProxyConfiguration {
  /** How the certificate is come by: from an authority for a domain, or by the kit itself. */
  readonly tls:
    | {
        readonly kind: 'acme';
        readonly domain: string;
        /** Where the authority may write to. @default - nowhere */
        readonly email?: string | undefined;
        /** Directory of the authority. @default - Caddy's: Let's Encrypt */
        readonly directory?: string | undefined;
        /** The authority is not well known: its root is in the configuration volume. */
        readonly hasOwnRoot: boolean;
      }
    | { readonly kind: 'pinned' };
  /** Port for https as clients see it; inside the container it is {@link PROXY_PORTS}. */
  readonly port: number;
  /** Where the gateway is, such as `http://gateway:4466`. */
  readonly upstream: string;
}

/** Where Caddy keeps certificates of an authority, and its account there. */
const CERTIFICATES_DIRECTORY = '/data';

/** Ports inside the container. */
const PROXY_PORTS = { https: 443, http: 80 } as const;

/** Port on the container's loopback that the image's health check asks. */
const HEALTH_PORT = 2020;

/**
 * The Caddyfile of a cluster. It needs nothing that Caddy 2.6 without plugins has not.
 *
 * Timeouts are few on purpose: the gateway behind it bounds slow clients and servers, and streams and
 * subscriptions may last. `X-Forwarded-For` is Caddy's own word: it drops what clients write there.
 */
export const renderCaddyfile = (configuration: ProxyConfiguration): string => {
  const { tls, port, upstream } = configuration;
  const site = tls.kind === 'acme' ? `https://${tls.domain}` : `https://:${PROXY_PORTS.https}`;
  return `${[
    '{',
    ...indented([
      'admin off',
      `storage file_system ${CERTIFICATES_DIRECTORY}/caddy`,
      'skip_install_trust',
      // Pinned: nobody is asked for a certificate, and nothing listens on port 80.
      `auto_https ${tls.kind === 'acme' ? 'disable_redirects' : 'off'}`,
      'grace_period 10s',
      ...block('servers', [
        'protocols h1 h2',
        ...block('timeouts', ['read_header 10s', 'idle 5m']),
      ]),
      // Requests carry tokens in their headers, and may in their address: none of it is logged.
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
    ...block(site, [
      ...tlsLines(tls),
      ...block(`reverse_proxy ${upstream}`, [
        'flush_interval -1',
        ...block('transport http', [
          'versions 1.1',
          'dial_timeout 5s',
          // Shorter than the gateway keeps them, so that none is used that it is closing.
          'keepalive 30s',
          'compression off',
        ]),
      ]),
    ]),
    '',
    ...(tls.kind === 'acme' ? redirect(tls.domain, port) : []),
    ...block(`http://:${HEALTH_PORT}`, ['bind 127.0.0.1', 'respond /healthz 200', 'respond 404']),
  ].join('\n')}\n`;
};

/** The method stays. What an authority asks for here is answered by Caddy before that. */
const redirect = (domain: string, port: number) => [
  ...block(`http://:${PROXY_PORTS.http}`, [
    `redir https://${domain}${port === PROXY_PORTS.https ? '' : `:${port}`}{uri} 308`,
  ]),
  '',
];

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
      // The port for https need not be 443, and is open to the cluster's clients only.
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

/** Between back quotes nothing has a meaning, and settings allow none. */
const word = (text: string) => `\`${text.replaceAll('`', '')}\``;
