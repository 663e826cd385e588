import { describe, expect, test } from 'vitest';
import type { EdgeRoute } from '../../../../apps/edge/edge-route.js';
import { configurationDigest, renderHaproxy } from '../../../../apps/edge/render-haproxy.js';

const web: EdgeRoute = {
  app: 'web',
  ports: [8080],
  domains: ['Shop.Example.com', 'www.example.com'],
  target: {
    kind: 'instances',
    instances: [
      { name: 'clusterkit-local-app-web-r3-1', port: 3000 },
      { name: 'clusterkit-local-app-web-r3-2', port: 3000 },
    ],
  },
  healthPath: '/health?a="$1\\',
  requestTimeoutMs: 60_000,
  drainMs: 30_000,
};
const hello: EdgeRoute = {
  ...{ app: 'hello', ports: [8081], domains: [], target: { kind: 'function' } },
  ...{ requestTimeoutMs: 90_000, drainMs: 45_000 },
};

/** The lines of a section, without its head. */
function linesOf(configuration: string, head: string): string[] {
  const lines = configuration.split('\n');
  const start = lines.indexOf(head);
  if (start < 0) throw new Error(`no section '${head}'`);
  const end = lines.indexOf('', start);
  return lines.slice(start + 1, end).map((line) => line.trim());
}

const headsOf = (configuration: string) =>
  configuration.split('\n').filter((line) => /^\S/.test(line));

describe('renderHaproxy', () => {
  const both = renderHaproxy([web, hello]);

  test('has a frontend for each port, one for all host names, and a backend for each application', () => {
    expect(headsOf(both)).toEqual([
      'global',
      'resolvers docker',
      'defaults',
      'frontend health',
      'backend addresses',
      'frontend port-8080',
      'frontend port-8081',
      'frontend domains',
      'backend unknown',
      'backend app-web',
      'backend app-hello',
    ]);
    expect(headsOf(renderHaproxy([]))).toEqual([
      ...['global', 'resolvers docker', 'defaults', 'frontend health', 'backend addresses'],
    ]);
  });

  test('a published port: limits by address, headers of clients replaced', () => {
    expect(linesOf(both, 'frontend port-8080')).toEqual([
      'bind :8080 proto h1',
      'tcp-request connection track-sc0 src table addresses',
      'tcp-request connection reject if { sc0_conn_cur(addresses) gt 500 }',
      'http-request del-header X-Clusterkit-Function',
      'http-request del-header Forwarded',
      'http-request del-header X-Real-IP',
      'http-request set-header X-Forwarded-For %[src]',
      'http-request set-header X-Forwarded-Proto http',
      'http-request set-header X-Forwarded-Host %[req.hdr(host)]',
      'default_backend app-web',
    ]);
  });

  test('host names: what the proxy says of its clients stays; others get 404', () => {
    expect(linesOf(both, 'frontend domains')).toEqual([
      'bind :9466 proto h1',
      'http-request del-header X-Clusterkit-Function',
      'http-request set-var(txn.host) req.hdr(host),field(1,:),lower,rtrim(.)',
      'use_backend app-web if { var(txn.host) -m str "shop.example.com" }',
      'use_backend app-web if { var(txn.host) -m str "www.example.com" }',
      'default_backend unknown',
    ]);
    expect(linesOf(both, 'backend unknown')).toEqual([
      'http-request return status 404 content-type "text/plain; charset=utf-8" string "No application has this host name."',
    ]);
  });

  test('instances: checked on their path with the first host name, no connection is kept', () => {
    expect(linesOf(both, 'backend app-web')).toEqual([
      'timeout server 60000ms',
      'balance leastconn',
      'option http-server-close',
      'option httpchk',
      'http-check send meth GET uri "/health?a=\\"\\$1\\\\" ver HTTP/1.1 hdr Host "Shop.Example.com" hdr Connection close',
      'http-check expect rstatus ^[23]',
      'server clusterkit-local-app-web-r3-1 clusterkit-local-app-web-r3-1:3000',
      'server clusterkit-local-app-web-r3-2 clusterkit-local-app-web-r3-2:3000',
    ]);
    const plain = renderHaproxy([{ ...web, healthPath: undefined }]);
    expect(linesOf(plain, 'backend app-web').join('\n')).not.toContain('check');
  });

  test('a function: the activator learns its name from the edge', () => {
    expect(linesOf(both, 'backend app-hello')).toEqual([
      'timeout server 90000ms',
      'http-request set-header X-Clusterkit-Function hello',
      'server activator activator:8000',
    ]);
  });

  test('old workers end after the longest drain', () => {
    expect(linesOf(both, 'global')).toContain('hard-stop-after 45000ms');
    expect(linesOf(renderHaproxy([web]), 'global')).toContain('hard-stop-after 30000ms');
    expect(linesOf(renderHaproxy([]), 'global')).toContain('hard-stop-after 1000ms');
  });

  test('nothing that was sent is sent again, and the log has neither queries nor headers', () => {
    const defaults = linesOf(both, 'defaults');
    expect(defaults).toContain('retry-on conn-failure');
    expect(defaults).toContain('log-format "%ci %HM %HPO %ST %B %Ta %b/%s %ts"');
    expect(both).not.toMatch(/%HU|%hr|%hs|%r\b|httplog|capture/);
  });

  test('its digest follows everything in it, and is found in it', () => {
    const digest = configurationDigest(both);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(configurationDigest(renderHaproxy([web, hello]))).toBe(digest);
    expect(configurationDigest(renderHaproxy([{ ...web, drainMs: 46_000 }, hello]))).not.toBe(
      digest,
    );
    expect(configurationDigest(renderHaproxy([web]))).not.toBe(digest);
    expect(configurationDigest('global\n')).toBeUndefined();
  });

  test('a line break in a path is refused', () => {
    expect(() => renderHaproxy([{ ...web, healthPath: '/\n  server evil evil:1' }])).toThrow(
      TypeError,
    );
  });
});
