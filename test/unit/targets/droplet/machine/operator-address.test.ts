import { type AddressInfo, createServer } from 'node:net';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { KitError } from '../../../../../lib/errors.js';
import {
  operatorSources,
  ownEndOf,
} from '../../../../../targets/droplet/machine/operator-address.js';

const apiUrl = 'https://api.example.com';
const never = async (): Promise<string> => {
  throw new Error('nobody was to be asked');
};
const from = (address: string) =>
  operatorSources({ flags: [], env: {}, apiUrl, ownEnd: async () => address });

async function failure(work: Promise<unknown>): Promise<KitError> {
  const error = await work.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(KitError);
  return error as KitError;
}

describe('operatorSources', () => {
  test('flags come first, as blocks, each once', async () => {
    const flags = ['203.0.113.7', '203.0.113.7/32', '198.51.100.9/24', '2001:db8::1', '::/0'];
    const env = { CLUSTERKIT_SOURCE: 'nonsense' };
    expect(await operatorSources({ flags, env, apiUrl, ownEnd: never })).toEqual([
      '203.0.113.7/32',
      '198.51.100.0/24',
      '2001:db8::1/128',
      '::/0',
    ]);
  });

  test('then the variable; private addresses are taken when they are given', async () => {
    const env = { CLUSTERKIT_SOURCE: ' 10.0.0.4 , 172.17.0.0/16,' };
    expect(await operatorSources({ flags: [], env, apiUrl, ownEnd: never })).toEqual([
      '10.0.0.4/32',
      '172.17.0.0/16',
    ]);
  });

  test('then this end of a connection to the API, when it is public', async () => {
    expect(await from('8.8.4.4')).toEqual(['8.8.4.4/32']);
    expect(await from('::ffff:8.8.4.4')).toEqual(['8.8.4.4/32']);
  });

  test.each(['192.168.1.5', '10.1.1.1', '100.64.0.3', '127.0.0.1', '169.254.1.1', '0.0.0.0', ''])(
    'never an address that nobody else sees: %s',
    async (address) => {
      const error = await failure(from(address));
      expect([error.code, error.exitCode]).toEqual(['source-unknown', 2]);
      expect(error.message).toContain('--source 203.0.113.7 or CLUSTERKIT_SOURCE');
    },
  );

  test('no connection is no answer', async () => {
    const error = await failure(
      operatorSources({ flags: [], env: {}, apiUrl: 'http://127.0.0.1:1' }),
    );
    expect(error.code).toBe('source-unknown');
    expect(error.message).toContain('ECONNREFUSED');
  });

  test('all that is wrong is reported at once', async () => {
    const flags = ['1.2.3', '1.2.3.4/33', '1.2.3.4/x', '1.2.3.4/1/2', 'example.com', '::1/129', ''];
    const error = await failure(operatorSources({ flags, env: {}, apiUrl, ownEnd: never }));
    expect(error.code).toBe('source-invalid');
    expect(error.problems.map(({ message }) => message)).toEqual(
      flags.map((text) => `'${text}' is neither an address nor a block of addresses`),
    );
  });

  test('what comes out goes in again unchanged', async () => {
    const block = fc
      .tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 }))
      .map(([address, bits]) => `${address}/${bits}`);
    await fc.assert(
      fc.asyncProperty(fc.array(block, { minLength: 1 }), async (flags) => {
        const once = await operatorSources({ flags, env: {}, apiUrl });
        expect(await operatorSources({ flags: once, env: {}, apiUrl })).toEqual(once);
      }),
    );
  });
});

test('ownEndOf: what the other end sees', async () => {
  const server = createServer((socket) => socket.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  expect(await ownEndOf(`http://localhost:${port}`)).toBe('127.0.0.1');
  expect(await ownEndOf(`http://127.0.0.1:${port}`)).toBe('127.0.0.1');
});
