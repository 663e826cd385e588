import { createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ask } from '../../../../lib/http/ask.js';
import { proxyFor, useProxies } from '../../../../lib/http/proxies.js';

const nameFor = (url: string, env: Record<string, string>) => proxyFor(new URL(url), env)?.name;

describe('the proxy of an address', () => {
  const both = { HTTPS_PROXY: 'http://user:pw@proxy:3128', http_proxy: 'other:80' };

  test.each([
    ['https://api.example.com', both, 'http://proxy:3128'],
    ['http://10.0.0.7:4466', both, 'http://other'],
    ['https://api.example.com', { ALL_PROXY: 'socks5h://socks:1080' }, 'socks5://socks:1080'],
    [
      'https://api.example.com',
      { all_proxy: 'http://a:1', HTTPS_PROXY: 'http://b:2' },
      'http://b:2',
    ],
    [
      'https://api.example.com',
      { https_proxy: 'http://a:1', HTTPS_PROXY: 'http://b:2' },
      'http://a:1',
    ],
    ['https://api.example.com', { HTTP_PROXY: 'http://a:1' }, undefined],
    ['https://api.example.com', { HTTPS_PROXY: ' ' }, undefined],
  ])('%s with %j: %s', (url, env, name) => {
    expect(nameFor(url, env)).toBe(name);
  });

  test.each([
    'localhost:1',
    'a.localhost',
    '127.0.0.1',
    '127.8.9.1',
    '[::1]',
    '0.0.0.0',
    '2130706433',
    '[::ffff:127.0.0.1]',
  ])('never for this machine: %s', (host) => {
    expect(nameFor(`http://${host}`, { http_proxy: 'http://p:1', ALL_PROXY: 'http://p:1' })).toBe(
      undefined,
    );
  });

  test.each([
    ['*', 'example.com', undefined],
    ['example.com', 'example.com', undefined],
    ['.example.com', 'api.example.com', undefined],
    ['*.example.com', 'api.example.com', undefined],
    ['EXAMPLE.com, other', 'example.com', undefined],
    ['ample.com', 'example.com', 'http://p:1'],
    ['example.com:8443', 'example.com', 'http://p:1'],
    ['example.com:443', 'example.com', undefined],
    ['10.0.0.0/8', '10.1.2.3', undefined],
    ['10.0.0.0/8', '11.1.2.3', 'http://p:1'],
    ['10.0.0.0/99', '10.1.2.3', 'http://p:1'],
    ['fd00::/8', '[fd12::1]', undefined],
    ['[fd12::1]:443', '[fd12::1]', undefined],
    [',, ,', 'example.com', 'http://p:1'],
  ])('NO_PROXY=%s, %s: %s', (NO_PROXY, host, name) => {
    expect(nameFor(`https://${host}`, { HTTPS_PROXY: 'http://p:1', NO_PROXY })).toBe(name);
  });

  test.each(['http://a b', 'ftp://p:1', 'http://user:secret@:80:90'])('unusable: %s', (proxy) => {
    const name = () => nameFor('https://example.com', { HTTPS_PROXY: proxy });
    expect(name).toThrow('HTTPS_PROXY is not the address of a proxy: write http://name:port');
  });
});

describe('a request by a proxy', () => {
  async function proxy(answer: string) {
    const seen: string[] = [];
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (data) => {
        seen.push(String(data));
        socket.end(answer);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      useProxies({});
      server.close();
    });
    const { port } = server.address() as { port: number };
    const url = `http://user:secret@127.0.0.1:${port}`;
    useProxies({ HTTPS_PROXY: url, HTTP_PROXY: url });
    return { seen, port };
  }
  const failure = (url: string) =>
    ask({ url, timeoutMs: 5000 }).then(
      () => 'no failure',
      (error: Error) => error.message,
    );

  test.each([
    [502, 'it refuses (502)'],
    [407, 'it wants other credentials (407)'],
  ])('that answers %i: named without its password', async (status, words) => {
    const { seen, port } = await proxy(`HTTP/1.1 ${status} no\r\n\r\n`);
    expect(await failure('https://api.example.invalid/v2')).toBe(
      `by the proxy http://127.0.0.1:${port} (HTTPS_PROXY): ${words}`,
    );
    expect(seen[0]).toMatch(/^CONNECT api\.example\.invalid:443 HTTP/);
    expect(seen[0]).toContain(`Basic ${Buffer.from('user:secret').toString('base64')}`);
  });

  test('plain http: the proxy gets the whole address', async () => {
    const { seen } = await proxy('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
    const { text } = await ask({ url: 'http://cluster.example.invalid:4466/x', timeoutMs: 5000 });
    expect(text).toBe('ok');
    expect(seen[0]).toMatch(/^GET http:\/\/cluster\.example\.invalid:4466\/x HTTP/);
  });
});
