import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { startOrigin } from './origin-server.js';
import { startTestGateway } from './test-gateway.js';

async function slowOrigin(ms: number) {
  const origin = await startOrigin((request, response) => {
    request.resume();
    response.write('first');
    setTimeout(() => response.end(' last'), ms);
  });
  onTestFinished(() => origin.close());
  return origin;
}

test('requests under way finish, their connections close, new ones are not taken', async () => {
  const gateway = await startTestGateway((await slowOrigin(600)).url);
  const idle = await fetch(`${gateway.url}/healthz`);
  await idle.text();
  const asked = fetch(`${gateway.url}/demo/dev`, { method: 'POST', body: 'x' });
  const response = await asked;
  const stopped = gateway.stop();
  await sleep(50);
  await expect(fetch(`${gateway.url}/demo/dev`)).rejects.toThrow();
  expect(await response.text()).toBe('first last');
  await stopped;
  expect(gateway.access().map(({ status }) => status)).toEqual([200, 200]);
});

test('what does not finish in time is cut off', async () => {
  const settings = { timeouts: { drainSeconds: 0.3 } };
  const gateway = await startTestGateway((await slowOrigin(20_000)).url, settings);
  const response = await fetch(`${gateway.url}/demo/dev`, { method: 'POST' });
  await Promise.all([gateway.stop(), expect(response.text()).rejects.toThrow()]);
});

test('metrics and health have a port of their own', async () => {
  const gateway = await startTestGateway((await slowOrigin(1)).url);
  onTestFinished(() => gateway.stop());
  await (await fetch(`${gateway.url}/demo/dev`, { method: 'POST' })).text();
  const admin = `http://127.0.0.1:${gateway.adminPort}`;
  const metrics = await (await fetch(`${admin}/metrics`)).text();
  expect(metrics).toContain('clusterkit_gateway_requests_total{kind="service",status="200"} 1\n');
  expect(metrics).toContain('clusterkit_gateway_queued_requests 0\n');
  expect(metrics).toContain(
    'clusterkit_gateway_request_duration_seconds_count{kind="service"} 1\n',
  );
  expect((await fetch(`${admin}/healthz`)).status).toBe(200);
  expect((await fetch(`${admin}/other`)).status).toBe(404);
  const outside = await fetch(`${gateway.url}/metrics`);
  expect(await outside.text()).toBe('first last');
});
