import { expect, onTestFinished, test } from 'vitest';
import { readVersion } from '../../../prisma/probe/read-version.js';
import { startOrigin } from './origin-server.js';
import { gatewayForTest } from './test-gateway.js';

/** A server of generation C that pretends to be a gateway of another version. */
async function boastfulServer() {
  const origin = await startOrigin((request, response) => {
    request.resume();
    response.setHeader('x-clusterkit-gateway', '6.6.6');
    response.end(JSON.stringify({ data: { serverInfo: { version: '1.34.12' } } }));
  });
  onTestFinished(() => origin.close());
  return origin;
}

test('who asks for the version learns of the gateway and its version, without a token', async () => {
  const { url } = await boastfulServer();
  const gateway = await gatewayForTest(url, {
    ...{ server: { url, generation: 'C' }, serverSecret: 'server-secret' },
  });
  expect(await readVersion(gateway.url)).toEqual({
    ...{ version: '1.34.12', generation: 'C', path: '/management', gateway: '9.8.7' },
  });
  const data = await fetch(`${gateway.url}/demo/dev`, { method: 'POST', body: 'x' });
  expect(data.headers.get('x-clusterkit-gateway')).toBeNull();
});
