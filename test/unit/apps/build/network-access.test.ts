import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  AUTHORITIES,
  networkFiles,
  proxyArguments,
} from '../../../../apps/build/network-access.js';
import { directoryWith } from '../../../support/build-fixtures.js';

test('proxies are passed by the names that docker keeps out of images, those of this machine not', () => {
  expect(
    proxyArguments({
      HTTPS_PROXY: 'http://user:secret@proxy.example:3128',
      https_proxy: 'proxy.example:3128',
      HTTP_PROXY: 'http://127.0.0.1:3128',
      http_proxy: 'http://name:word@localhost:3128',
      ALL_PROXY: ' ',
      NO_PROXY: 'localhost,127.0.0.1',
      OTHER_PROXY: 'http://proxy.example',
    }),
  ).toEqual({
    HTTPS_PROXY: 'http://user:secret@proxy.example:3128',
    https_proxy: 'proxy.example:3128',
    NO_PROXY: 'localhost,127.0.0.1',
  });
});

const certificate = (text: string) =>
  `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----`;

test('authorities come from the variable and from npm, once each, without keys', async () => {
  const home = await directoryWith({
    'a.pem': `# comment\n${certificate('A')}\n${certificate('B')}\n`,
    'b.pem': `${certificate('B')}\n-----BEGIN PRIVATE KEY-----\nsecret\n-----END PRIVATE KEY-----\n${certificate('C')}`,
  });
  const npm = await directoryWith({ '.npmrc': `a=b\ncafile = "${join(home, 'b.pem')}"\n` });
  const files = await networkFiles({ HOME: npm, NODE_EXTRA_CA_CERTS: join(home, 'a.pem') });
  expect([...files.keys()]).toEqual([AUTHORITIES]);
  const text = files.get(AUTHORITIES) ?? '';
  expect(text.startsWith(['A', 'B', 'C'].map(certificate).join('\n'))).toBe(true);
  expect(text).not.toContain('secret');
});

test('a file that is missing counts as none', async () => {
  const none = await networkFiles({ HOME: '/nowhere' });
  const missing = await networkFiles({ HOME: '/nowhere', NODE_EXTRA_CA_CERTS: '/nowhere/a.pem' });
  expect(missing).toEqual(none);
});
