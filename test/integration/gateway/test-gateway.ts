import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { SignJWT } from 'jose';
import { expect, onTestFinished } from 'vitest';
import type { z } from 'zod';
import { settingsSchema } from '../../../programs/gateway/settings.js';
import { type RunningGateway, startGateway } from '../../../programs/gateway/start.js';

const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
});

export { privateKey, publicKey };

/** A token of the cluster's key, as CLIs up to 1.8 make it. */
export const clusterToken = (target = '*/*', action = '*'): Promise<string> =>
  new SignJWT({ grants: [{ target, action }] })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
    .setExpirationTime('5y')
    .sign(createPrivateKey(privateKey));

export interface TestGateway extends RunningGateway {
  readonly url: string;
  /** The access log so far. */
  readonly access: () => { path: string; status: number; throttledMs: number; method: string }[];
  /** What it said besides. */
  readonly lines: readonly string[];
}

/** A gateway in this process, on free ports, before a server of generation B with the key. */
export async function startTestGateway(
  serverUrl: string,
  more: Partial<z.input<typeof settingsSchema>> = {},
): Promise<TestGateway> {
  const lines: string[] = [];
  let access = '';
  const settings = settingsSchema.parse({
    ...{ port: 0, adminPort: 0, clusterKey: publicKey },
    server: { url: serverUrl, generation: 'B' },
    ...more,
  });
  const gateway = await startGateway(settings, {
    version: '9.8.7',
    now: () => new Date(),
    log: (line) => lines.push(line),
    writeAccess: (text) => {
      access += text;
    },
  });
  const parsed = () =>
    access
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  return { ...gateway, url: `http://127.0.0.1:${gateway.port}`, access: parsed, lines };
}

/** {@link startTestGateway}, stopped when the running test ends. */
export async function gatewayForTest(...args: Parameters<typeof startTestGateway>) {
  const gateway = await startTestGateway(...args);
  onTestFinished(() => gateway.stop());
  return gateway;
}

/** Waits until so many requests wait for their turn. */
export const untilQueued = ({ adminPort }: TestGateway, count: number) =>
  expect
    .poll(
      async () => {
        const metrics = await fetch(`http://127.0.0.1:${adminPort}/metrics`);
        return /^clusterkit_gateway_queued_requests \d+$/m.exec(await metrics.text())?.[0];
      },
      { interval: 5, timeout: 60_000 },
    )
    .toBe(`clusterkit_gateway_queued_requests ${count}`);
