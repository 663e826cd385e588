import { describe, expect, test } from 'vitest';
import { cliVersionOf } from '../../../../service/prisma-cli/cli-version.js';
import { cliFor, judgeCombination } from '../../../../service/prisma-cli/compatibility.js';

/**
 * What real CLIs did with real servers, as measured: forms a (service, stage, cluster) and b
 * (endpoint), always with the secret that the kit gives. `-` cannot go well, `!` goes with a warning.
 * Servers: 1.6.3 with key pair, 1.8.3 with key pair, 1.8.3 with secret, 1.34.12 with secret; then
 * behind a gateway, whose cluster has a key pair, and a secret.
 */
const MEASURED: readonly (readonly [clis: string, ...cells: string[]])[] = [
  //                      A rsa a b   B rsa     B secret  C secret  gateway: C rsa, C secret
  ['1.0.11 1.2.6 1.4.1', 'ok -', 'ok -', '- -', '- -', 'ok -', '- -'],
  ['1.6.3', 'ok -', 'ok -', '- -', '- -', 'ok -', '- -'],
  ['1.7.4', 'ok ok', 'ok ok', 'ok ok', '- -', 'ok ok', 'ok ok'],
  ['1.8.3', '! !', 'ok ok', 'ok ok', 'ok ok', 'ok ok', 'ok ok'],
  // Form a with the endpoint in the environment, as the kit gives it: measured with 1.11.1.
  ['1.9.0 1.11.1', '- -', '- -', 'ok ok', 'ok ok', '- -', 'ok ok'],
  ['1.12.0', '- -', '- -', '- ok', '- ok', '- -', '- ok'],
  ['1.17.1 1.20.7', '- -', '- -', '- ok', '- ok', '- -', '- ok'],
  ['1.26.6 1.30.5', '- -', '- -', '- ok', '- ok', '- -', '- ok'],
  ['1.34.10 1.34.12', '- -', '- -', '- ok', '- ok', '- -', '- ok'],
];
const SERVERS = [
  { generation: 'A', auth: 'rsa', behindGateway: false },
  { generation: 'B', auth: 'rsa', behindGateway: false },
  { generation: 'B', auth: 'secret', behindGateway: false },
  { generation: 'C', auth: 'secret', behindGateway: false },
  { generation: 'C', auth: 'rsa', behindGateway: true },
  { generation: 'C', auth: 'secret', behindGateway: true },
] as const;
const SIGNS = { ok: 'ok', '-': 'refusal', '!': 'warning' } as Record<string, string>;

describe('which CLI may deploy where', () => {
  for (const [clis, ...cells] of MEASURED) {
    test.each(clis.split(' '))('%s, as measured', (text) => {
      for (const [i, server] of SERVERS.entries()) {
        const [cluster, endpoint] = (cells[i] ?? '').split(' ');
        for (const [form, sign] of Object.entries({ cluster, endpoint })) {
          const combination = {
            cli: cliVersionOf(text),
            form: form as 'cluster' | 'endpoint',
            ...server,
          };
          const { verdict, reason, works } = judgeCombination(combination);
          expect([text, server, form, verdict]).toEqual([text, server, form, SIGNS[sign ?? '']]);
          expect(reason === '').toBe(verdict === 'ok');
          expect(works === '').toBe(verdict === 'ok');
        }
      }
    });
  }

  test('a gateway changes nothing for servers that check key pairs themselves', () => {
    for (const [clis] of MEASURED) {
      for (const cli of clis.split(' ').map(cliVersionOf)) {
        for (const { generation, auth } of SERVERS.slice(0, 3)) {
          for (const form of ['cluster', 'endpoint', 'bare'] as const) {
            const combination = { cli, generation, auth, form };
            expect(judgeCombination({ ...combination, behindGateway: true })).toEqual(
              judgeCombination({ ...combination, behindGateway: false }),
            );
          }
        }
      }
    }
  });

  test('a late CLI with a key pair: the message names the setting to change', () => {
    const cli = cliVersionOf('1.34.12');
    const combination = { cli, generation: 'C', auth: 'rsa', form: 'endpoint' } as const;
    expect(judgeCombination({ ...combination, behindGateway: true })).toMatchObject({
      verdict: 'refusal',
      works: expect.stringContaining('server.auth: secret'),
    });
  });

  test('a pair that no server has is refused', () => {
    const of = { cli: cliVersionOf('1.8.3'), form: 'cluster', behindGateway: false } as const;
    expect(judgeCombination({ ...of, generation: 'A', auth: 'secret' }).verdict).toBe('refusal');
    const late = judgeCombination({ ...of, generation: 'C', auth: 'rsa' });
    expect(late).toMatchObject({
      verdict: 'refusal',
      works: expect.stringContaining('gateway: true'),
    });
  });

  test('a CLI of unknown version gets a warning', () => {
    const combination = { cli: undefined, form: 'cluster', generation: 'A', auth: 'rsa' } as const;
    expect(judgeCombination({ ...combination, behindGateway: false })).toMatchObject({
      verdict: 'warning',
      works: expect.any(String),
    });
  });

  test.each(['2.30.0', '0.11.4', '5.0.0', 'latest', '1'])('%s is not a Prisma 1 CLI', (text) => {
    expect(cliVersionOf(text)).toBeUndefined();
  });
});

describe('a key pair, and the secret derived from it', () => {
  const SIDES = [
    { generation: 'B', behindGateway: false },
    { generation: 'C', behindGateway: true },
  ] as const;
  test.each(SIDES)(
    '$generation: CLIs up to 1.8 as with the key pair, later ones as with a secret',
    (of) => {
      for (const text of MEASURED.flatMap(([clis]) => clis.split(' '))) {
        const cli = cliVersionOf(text);
        for (const form of ['cluster', 'endpoint', 'bare'] as const) {
          const both = judgeCombination({ ...of, cli, form, auth: 'rsa', derivedSecret: true });
          const auth = (cli?.minor ?? 0) > 8 ? 'secret' : 'rsa';
          expect(both).toEqual(judgeCombination({ ...of, cli, form, auth }));
        }
      }
      const newest = { cli: cliVersionOf('1.34.12'), form: 'endpoint', auth: 'rsa' } as const;
      expect(judgeCombination({ ...of, ...newest, derivedSecret: true }).verdict).toBe('ok');
      expect(judgeCombination({ ...of, ...newest }).verdict).toBe('refusal');
    },
  );
});

describe('the CLI to install', () => {
  test.each([
    [{ generation: 'A', auth: 'rsa', form: 'cluster', behindGateway: false }, 'prisma@1.6.3'],
    [{ generation: 'B', auth: 'rsa', form: 'endpoint', behindGateway: true }, 'prisma@1.8.3'],
    [{ generation: 'C', auth: 'rsa', form: 'endpoint', behindGateway: true }, 'prisma@1.8.3'],
    [{ generation: 'C', auth: 'rsa', form: 'cluster', behindGateway: true }, 'prisma@1.8.3'],
    [{ generation: 'C', auth: 'secret', form: 'endpoint', behindGateway: true }, 'prisma1@1.34.12'],
    [{ generation: 'C', auth: 'secret', form: 'cluster', behindGateway: false }, 'prisma@1.8.3'],
  ] as const)('%j: %s, which is well', (combination, named) => {
    expect(cliFor(combination)).toContain(named);
    const cli = cliVersionOf(named.replace(/.*@/, ''));
    expect(judgeCombination({ ...combination, cli }).verdict).toBe('ok');
  });
});
