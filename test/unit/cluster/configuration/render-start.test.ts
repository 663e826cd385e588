import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { renderStart, serverVariables } from '../../../../cluster/configuration/render-start.js';
import { newKeyPair } from '../../../../cluster/keys/key-pair.js';
import { Secret } from '../../../../lib/secret.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';
import { specialText } from './special-text.js';

let publicKey: string;
beforeAll(async () => {
  publicKey = (await newKeyPair()).publicKey;
});

const configuration = (password = 'word') => ({
  port: 4466,
  access: { auth: 'rsa', publicKey } as const,
  database: {
    connector: 'mysql' as const,
    host: 'database',
    port: 3306,
    user: 'root',
    password: new Secret(password),
  },
});

/** What a process has in its environment that a real shell started by the script. */
async function environmentBy(script: Secret): Promise<Record<string, string>> {
  const file = join(await temporaryDirectory(), 'start');
  await writeFile(file, script.reveal(), { mode: 0o600 });
  const env = { PATH: process.env.PATH };
  return JSON.parse(execFileSync('/bin/sh', [file], { env, encoding: 'utf8' }));
}
const PRINT = [process.execPath, '-e', 'console.log(JSON.stringify(process.env))'];

describe('serverVariables', () => {
  test('what servers up to 1.6 read', () => {
    const { SCHEMA_MANAGER_SECRET, ...variables } = serverVariables(configuration());
    expect(SCHEMA_MANAGER_SECRET).toMatch(/^[0-9a-f]{64}$/);
    expect(variables).toEqual({
      PORT: '4466',
      SQL_CLIENT_HOST: 'database',
      SQL_CLIENT_HOST_CLIENT1: 'database',
      SQL_CLIENT_HOST_READONLY_CLIENT1: 'database',
      SQL_CLIENT_PORT: '3306',
      SQL_CLIENT_USER: 'root',
      SQL_CLIENT_PASSWORD: 'word',
      SQL_CLIENT_CONNECTION_LIMIT: '10',
      SQL_INTERNAL_HOST: 'database',
      SQL_INTERNAL_PORT: '3306',
      SQL_INTERNAL_USER: 'root',
      SQL_INTERNAL_PASSWORD: 'word',
      SQL_INTERNAL_CONNECTION_LIMIT: '10',
      SQL_INTERNAL_DATABASE: 'graphcool',
      CLUSTER_ADDRESS: 'http://localhost:4466',
      CLUSTER_PUBLIC_KEY: publicKey,
      SCHEMA_MANAGER_ENDPOINT: 'http://localhost:4466/cluster/schema',
      BUGSNAG_API_KEY: '',
      CACHE_ENABLED: 'true',
      ENABLE_METRICS: '0',
    });
  });

  test('the key is a PEM with real line breaks, in whatever place it ends up', () => {
    const { CLUSTER_PUBLIC_KEY: key } = serverVariables(configuration());
    expect(key?.split('\n')[0]).toBe('-----BEGIN PUBLIC KEY-----');
    expect(key).not.toContain('\\n');
  });

  test('fits what a process may be given: 128 KiB for one variable', () => {
    const lengths = Object.values(serverVariables(configuration('x'.repeat(1000)))).map((value) =>
      Buffer.byteLength(value),
    );
    expect(Math.max(...lengths)).toBeLessThan(131_072);
  });

  test('fails with a secret: these servers know keys only', () => {
    const access = { auth: 'secret', secret: new Secret('x') } as const;
    expect(() => serverVariables({ ...configuration(), access })).toThrow(/key only/);
  });
});

describe('renderStart', () => {
  test('a real shell gives the server its variables, and nothing else', async () => {
    const environment = await environmentBy(renderStart(configuration(), PRINT));
    const { PATH: _, PWD: __, ...rest } = environment;
    expect(rest).toEqual(serverVariables(configuration()));
  });

  test('is a secret itself', () => {
    expect(`${renderStart(configuration(), ['x'])}`).toBe('[secret]');
  });

  test('the command keeps its words', async () => {
    const words = ['it’s', 'a "b"', '$HOME', 'two\nlines', ''];
    const script = renderStart(configuration(), [
      ...[process.execPath, '-e', 'console.log(JSON.stringify(process.argv.slice(1)))', '--'],
      ...words,
    ]);
    expect(await environmentBy(script)).toEqual(words);
  });

  test('any password comes out as it went in', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(specialText, { minLength: 30, maxLength: 30 }), async (texts) => {
        // One shell for many passwords: starting it takes longer than reading them.
        const scripts = texts.map((text) => {
          const [line] = /export SQL_CLIENT_PASSWORD='(?:[^']|'\\'')*'/.exec(
            renderStart(configuration(text), ['x']).reveal(),
          ) ?? [''];
          return `${line}\nprintf '%s\\0' "$SQL_CLIENT_PASSWORD"\n`;
        });
        const file = join(await temporaryDirectory(), 'all');
        await writeFile(file, scripts.join(''));
        const read = execFileSync('/bin/sh', [file], { encoding: 'utf8' }).split('\0');
        expect(read.slice(0, -1)).toEqual(texts);
      }),
      { numRuns: 20 },
    );
  });
});
