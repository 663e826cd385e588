import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { apiAccess } from '../../../../clients/digitalocean/access.js';
import { KitError } from '../../../../lib/errors.js';

const DIGITALOCEAN_TOKEN = 'dop_v1_7e57';

const codeOf = (env: NodeJS.ProcessEnv) => {
  try {
    apiAccess(env);
    return 'fine';
  } catch (error) {
    return error instanceof KitError ? `${error.code} ${error.exitCode}` : error;
  }
};

describe('apiAccess', () => {
  test('defaults: the public API; the token does not print', () => {
    const access = apiAccess({ DIGITALOCEAN_TOKEN });
    expect(access.url).toBe('https://api.digitalocean.com');
    expect(access.token.reveal()).toBe(DIGITALOCEAN_TOKEN);
    expect(`${inspect(access)} ${JSON.stringify(access)}`).not.toContain('7e57');
  });

  test('custom: blanks around, the other variable, another address', () => {
    const env = {
      DIGITALOCEAN_ACCESS_TOKEN: ` ${DIGITALOCEAN_TOKEN}\n`,
      DIGITALOCEAN_API_URL: 'http://127.0.0.1:8080/',
    };
    const { url, token } = apiAccess(env);
    expect([url, token.reveal()]).toEqual(['http://127.0.0.1:8080', DIGITALOCEAN_TOKEN]);
  });

  test.each([
    [{}, 'token-missing 2'],
    [{ DIGITALOCEAN_TOKEN: ' ' }, 'token-missing 2'],
    [{ DIGITALOCEAN_TOKEN: 'two words' }, 'token-malformed 2'],
    [{ DIGITALOCEAN_TOKEN: 'pässword' }, 'token-malformed 2'],
  ])('fails without a token that can be sent: %j', (env, code) => {
    expect(codeOf(env)).toBe(code);
  });

  test.each([
    ['https://api.example.com', 'fine'],
    ['http://localhost:1', 'fine'],
    ['http://[::1]:1', 'fine'],
    ['http://172.17.0.1:1', 'fine'],
    ['http://192.168.0.1', 'fine'],
    ['http://api.example.com', 'api-url-invalid 2'],
    ['http://172.32.0.1', 'api-url-invalid 2'],
    ['http://10.example.com', 'api-url-invalid 2'],
    ['ftp://127.0.0.1', 'api-url-invalid 2'],
    ['https://me:pass@api.example.com', 'api-url-invalid 2'],
    ['api.example.com', 'api-url-invalid 2'],
  ])('the token goes encrypted, or not far: %s', (url, expected) => {
    expect(codeOf({ DIGITALOCEAN_TOKEN, DIGITALOCEAN_API_URL: url })).toBe(expected);
  });
});
