import { onTestFinished } from 'vitest';
import { type ApiOptions, startDigitalOceanApi, TEST_TOKEN } from './server.js';

/** What came back; `body` is undefined when there is none. */
export interface ApiAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies that they compare with values
  readonly body: any;
  readonly headers: Headers;
}

/** A fake API that ends with the running test, and a way to call it with the token of the test. */
export async function apiForTest(options: ApiOptions = {}) {
  const api = await startDigitalOceanApi(options);
  onTestFinished(() => api.close());
  const call = async (
    method: string,
    path: string,
    body?: unknown,
    token = TEST_TOKEN,
  ): Promise<ApiAnswer> => {
    const response = await fetch(api.url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(60_000),
    });
    const text = await response.text();
    const { status, headers } = response;
    return { status, headers, body: text ? JSON.parse(text) : undefined };
  };
  return { api, call };
}

/** A droplet that the fake account can make, with changes. */
export const dropletBody = (changes: Readonly<Record<string, unknown>> = {}) => ({
  name: 'ck-test-droplet',
  region: 'fra1',
  size: 's-1vcpu-2gb',
  image: 'ubuntu-24-04-x64',
  ...changes,
});
