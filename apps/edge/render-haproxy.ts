import { createHash } from 'node:crypto';
import { EDGE_HTTP_PORT } from '../../cluster/names.js';
import { ACTIVATOR, type EdgeRoute, FUNCTION_HEADER } from './edge-route.js';
import {
  addressesSection,
  addressLimit,
  answer,
  defaultsSection,
  globalSection,
  healthSection,
  resolversSection,
} from './haproxy-common.js';
import { section, word } from './haproxy-word.js';

/**
 * The configuration of the edge, for HAProxy 2.6. Its `description` is the digest of the rest: see
 * {@link configurationDigest}.
 */
export function renderHaproxy(routes: readonly EdgeRoute[]): string {
  const drainMs = Math.max(0, ...routes.map((route) => route.drainMs));
  const rest = [
    resolversSection(),
    defaultsSection(),
    healthSection(),
    addressesSection(),
    ...routes.flatMap((route) => route.ports.map((port) => portSection(port, route))),
    ...domainsSection(routes.filter(({ domains }) => domains.length > 0)),
    ...routes.map(backendSection),
  ].join('\n');
  const digest = createHash('sha256').update(globalSection('', drainMs)).update(rest);
  return `${globalSection(digest.digest('hex'), drainMs)}\n${rest}`;
}

/** The digest in a configuration, as the process that serves it reports it. */
export const configurationDigest = (configuration: string): string | undefined =>
  /^ {2}description ([0-9a-f]{64})$/m.exec(configuration)?.[1];

/** A published port: clients come from anywhere, so what they say of themselves is replaced. */
const portSection = (port: number, route: EdgeRoute): string =>
  section(`frontend port-${port}`, [
    // HTTP/1.1 only: without TLS no client expects another.
    `bind :${port} proto h1`,
    ...addressLimit(),
    `http-request del-header ${FUNCTION_HEADER}`,
    'http-request del-header Forwarded',
    'http-request del-header X-Real-IP',
    'http-request set-header X-Forwarded-For %[src]',
    'http-request set-header X-Forwarded-Proto http',
    'http-request set-header X-Forwarded-Host %[req.hdr(host)]',
    `default_backend ${backendName(route)}`,
  ]);

/**
 * Host names: this port is not published. The proxy connects to it, and has set the headers about its clients.
 * Other containers of the cluster can connect, too; they reach the instances without the edge anyway.
 */
const domainsSection = (routes: readonly EdgeRoute[]): string[] =>
  routes.length === 0
    ? []
    : [
        section('frontend domains', [
          `bind :${EDGE_HTTP_PORT} proto h1`,
          `http-request del-header ${FUNCTION_HEADER}`,
          'http-request set-var(txn.host) req.hdr(host),field(1,:),lower,rtrim(.)',
          ...routes.flatMap((route) =>
            route.domains.map(
              (domain) =>
                `use_backend ${backendName(route)} if { var(txn.host) -m str ${word(domain.toLowerCase())} }`,
            ),
          ),
          'default_backend unknown',
        ]),
        section('backend unknown', [
          `http-request return ${answer(404, 'No application has this host name.')}`,
        ]),
      ];

function backendSection(route: EdgeRoute): string {
  const { app, target, healthPath, requestTimeoutMs } = route;
  if (target.kind === 'function') {
    return section(`backend ${backendName(route)}`, [
      `timeout server ${requestTimeoutMs}ms`,
      `http-request set-header ${FUNCTION_HEADER} ${app}`,
      `server activator ${ACTIVATOR.host}:${ACTIVATOR.port}`,
    ]);
  }
  return section(`backend ${backendName(route)}`, [
    `timeout server ${requestTimeoutMs}ms`,
    'balance leastconn',
    // An instance may close a connection that it kept just when the next request is sent: so none is kept.
    'option http-server-close',
    ...(healthPath === undefined ? [] : healthCheck(healthPath, route.domains[0] ?? app)),
    ...target.instances.map(({ name, port }) => `server ${name} ${name}:${port}`),
  ]);
}

const healthCheck = (path: string, host: string) => [
  'option httpchk',
  `http-check send meth GET uri ${word(path)} ver HTTP/1.1 hdr Host ${word(host)} hdr Connection close`,
  'http-check expect rstatus ^[23]',
];

const backendName = ({ app }: EdgeRoute) => `app-${app}`;
