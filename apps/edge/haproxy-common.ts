import { section, word } from './haproxy-word.js';

/** Ports on the loopback of the edge's container: HAProxy's master, and the image's health check. */
export const MASTER_PORT = 9467;
const HEALTH_PORT = 9468;

/**
 * Connections: of all clients together; of one port, or of all host names together; of one address. Measured: one whose
 * request is incomplete takes up to 20 KB, so all of them fit into the container's 64 MB.
 */
const CONNECTIONS = { all: 2000, ofFrontend: 1500, ofAddress: 500 } as const;

/** The longest that old workers go on when no route sets more. */
const LEAST_DRAIN_MS = 1000;

/**
 * What HAProxy answers itself, instead of pages of HTML. What is no request at all still gets the built-in page: 2.6
 * has no other.
 */
const ANSWERS: Readonly<Record<number, string>> = {
  400: 'The request is not valid.',
  403: 'The request is refused.',
  408: 'The request did not arrive in time.',
  500: 'The edge failed.',
  502: 'The application ended the connection, or its answer is not valid HTTP.',
  503: 'No instance of the application is healthy. Try again soon.',
  504: 'The application did not answer in time.',
};

/** An answer in plain words, for `http-error` and `http-request return`. */
export const answer = (status: number, text: string): string =>
  `status ${status} content-type "text/plain; charset=utf-8" string ${word(text)}`;

/** The process. @param description identifies the configuration for whoever asks the process */
export const globalSection = (description: string, drainMs: number): string =>
  section('global', [
    `description ${description}`,
    'log stdout len 2048 format raw local0 info',
    `maxconn ${CONNECTIONS.all}`,
    // Threads cost memory; two pass on more than any application of ours answers.
    'nbthread 2',
    `hard-stop-after ${Math.max(drainMs, LEAST_DRAIN_MS)}ms`,
    // Workers of this many configurations ago end at once: each takes 4 MB.
    'mworker-max-reloads 5',
    'spread-checks 10',
    // Buffers of the kernel, per connection: they count as memory of the container.
    'tune.rcvbuf.client 65536',
    'tune.sndbuf.client 262144',
    'tune.rcvbuf.server 131072',
    'tune.sndbuf.server 131072',
  ]);

/**
 * The engine's DNS. An instance has another address after a restart. While the engine restarts its DNS is silent,
 * and instances keep their addresses; a name that it denies is gone.
 */
export const resolversSection = (): string =>
  section('resolvers docker', [
    'nameserver docker 127.0.0.11:53',
    'resolve_retries 3',
    'timeout resolve 500ms',
    'timeout retry 1s',
    'hold valid 500ms',
    'hold nx 1s',
    'hold obsolete 1s',
    'hold other 1h',
    'hold refused 1h',
    'hold timeout 1h',
  ]);

/** What all frontends and backends have in common. */
export const defaultsSection = (): string =>
  section('defaults', [
    'mode http',
    'log global',
    // Paths without queries, and no headers: both may carry tokens.
    `log-format ${word('%ci %HM %HPO %ST %B %Ta %b/%s %ts')}`,
    'option dontlognull',
    `maxconn ${CONNECTIONS.ofFrontend}`,
    // An answer that is streamed arrives piece by piece.
    'option http-no-delay',
    'option abortonclose',
    'option http-keep-alive',
    // A worker that ends answers the next request of an idle connection, and closes it then.
    'option idle-close-on-response',
    'timeout http-request 10s',
    'timeout http-keep-alive 60s',
    'timeout client 60s',
    'timeout client-fin 10s',
    'timeout server-fin 10s',
    'timeout connect 2s',
    'timeout queue 10s',
    'timeout check 10s',
    'timeout tunnel 1h',
    // Only what was never sent is sent again.
    'retries 3',
    'retry-on conn-failure',
    'option redispatch 1',
    'default-server check inter 2s fastinter 500ms downinter 500ms fall 3 rise 1 resolvers docker resolve-prefer ipv4 init-addr libc,none',
    ...Object.entries(ANSWERS).map(
      ([status, text]) =>
        `http-error ${answer(Number(status), text)}${status === '503' ? ' hdr Retry-After 2' : ''}`,
    ),
  ]);

/** The line of a frontend that counts connections by address, in `backend addresses`, and refuses too many. */
export const addressLimit = (): string[] => [
  'tcp-request connection track-sc0 src table addresses',
  `tcp-request connection reject if { sc0_conn_cur(addresses) gt ${CONNECTIONS.ofAddress} }`,
];

/** Where connections are counted by address; one that has none is forgotten. */
export const addressesSection = (): string =>
  section('backend addresses', [
    'stick-table type ipv6 size 20k expire 10s store conn_cur',
    'http-request return status 404',
  ]);

/** Answers the health check of the image. */
export const healthSection = (): string =>
  section('frontend health', [
    `bind 127.0.0.1:${HEALTH_PORT}`,
    'option dontlog-normal',
    'monitor-uri /healthz',
    'http-request return status 404',
  ]);
