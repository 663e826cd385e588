import { describe, expect, test } from 'vitest';
import { trustIn } from '../../../../prisma/probe/server-trust.js';
import {
  awaitCertificate,
  domainProblem,
  requireDomain,
} from '../../../../targets/common/await-certificate.js';
import { certificateFor, httpsServer } from '../../../support/https-server.js';
import { silentHost } from '../../../support/management-server.js';

describe('requireDomain', () => {
  test('a name that leads there is well', async () => {
    await requireDomain({ domain: 'localhost', address: '127.0.0.1' });
  });

  test('elsewhere: both addresses, and the record to make', async () => {
    const place = { domain: 'localhost', address: '203.0.113.7' };
    expect(await domainProblem(place)).toMatch(/resolves to .*127\.0\.0\.1.* at 203\.0\.113\.7/);
    await expect(requireDomain(place)).rejects.toMatchObject({
      code: 'domain-elsewhere',
      exitCode: 3,
      problems: [{ hint: expect.stringContaining('A  localhost  ->  203.0.113.7') }],
    });
  });
});

describe('awaitCertificate', () => {
  const proxy = (restarts: string[]) => ({
    evidence: async () => 'obtaining certificate: refused',
    restart: async () => void restarts.push('restarted'),
  });

  test('one that is there, good or not, is no longer waited for', async () => {
    const own = await certificateFor();
    const { host: endpoint } = await httpsServer(own);
    await awaitCertificate({ endpoint, trust: trustIn(own.certificate), proxy: proxy([]) });
    await awaitCertificate({ endpoint, proxy: proxy([]) });
  });

  test('none in time: made to try again once, then the proxy’s own words', async () => {
    const restarts: string[] = [];
    const endpoint = (await silentHost()).replace('http:', 'https:');
    const waiting = awaitCertificate({ endpoint, proxy: proxy(restarts), timeoutMs: 1500 });
    await expect(waiting).rejects.toMatchObject({
      code: 'certificate-missing',
      problems: [{ hint: expect.stringContaining('obtaining certificate: refused') }],
    });
    expect(restarts).toEqual(['restarted']);
  });
});
