import { describe, expect, test } from 'vitest';
import { cliVersionOf } from '../../../lib/service/cli-version.js';
import { judgeMeeting } from '../../../lib/service/compatibility.js';

/**
 * What real CLIs did with real servers, as measured: forms a (service, stage, cluster) and b
 * (endpoint), always with the secret that the kit gives. `-` cannot go well, `!` goes with a warning.
 * Servers: 1.6.3 with key pair, 1.8.3 with key pair, 1.8.3 with secret, 1.34.12 with secret.
 */
const MEASURED: readonly (readonly [clis: string, ...cells: string[]])[] = [
  //                            A rsa a b   B rsa a b   B secret a b  C secret a b
  ['1.0.11 1.2.6 1.4.1', 'ok -', 'ok -', '- -', '- -'],
  ['1.6.3', 'ok -', 'ok -', '- -', '- -'],
  ['1.7.4', 'ok ok', 'ok ok', 'ok ok', '- -'],
  ['1.8.3', '! !', 'ok ok', 'ok ok', 'ok ok'],
  // Form a with the endpoint in the environment, as the kit gives it: measured with 1.11.1.
  ['1.9.0 1.11.1', '- -', '- -', 'ok ok', 'ok ok'],
  ['1.12.0', '- -', '- -', '- ok', '- ok'],
  ['1.17.1 1.20.7', '- -', '- -', '- ok', '- ok'],
  ['1.26.6 1.30.5', '- -', '- -', '- ok', '- ok'],
  ['1.34.10 1.34.12', '- -', '- -', '- ok', '- ok'],
];
const SERVERS = [
  { generation: 'A', auth: 'rsa' },
  { generation: 'B', auth: 'rsa' },
  { generation: 'B', auth: 'secret' },
  { generation: 'C', auth: 'secret' },
] as const;
const SIGNS = { ok: 'ok', '-': 'refusal', '!': 'warning' } as Record<string, string>;

describe('which CLI may deploy where', () => {
  for (const [clis, ...cells] of MEASURED) {
    test.each(clis.split(' '))('%s, as measured', (text) => {
      for (const [i, server] of SERVERS.entries()) {
        const [cluster, endpoint] = (cells[i] ?? '').split(' ');
        for (const [form, sign] of Object.entries({ cluster, endpoint })) {
          const meeting = {
            cli: cliVersionOf(text),
            form: form as 'cluster' | 'endpoint',
            ...server,
          };
          const { verdict, reason, works } = judgeMeeting(meeting);
          expect([text, server, form, verdict]).toEqual([text, server, form, SIGNS[sign ?? '']]);
          expect(reason === '').toBe(verdict === 'ok');
          expect(works === '').toBe(verdict === 'ok');
        }
      }
    });
  }

  test('a pair that no server has is refused', () => {
    const cli = cliVersionOf('1.8.3');
    const form = 'cluster' as const;
    expect(judgeMeeting({ cli, form, generation: 'A', auth: 'secret' }).verdict).toBe('refusal');
    expect(judgeMeeting({ cli, form, generation: 'C', auth: 'rsa' }).verdict).toBe('refusal');
  });

  test('a CLI whose version nobody knows gets a warning', () => {
    const meeting = { cli: undefined, form: 'cluster', generation: 'A', auth: 'rsa' } as const;
    expect(judgeMeeting(meeting)).toMatchObject({ verdict: 'warning', works: expect.any(String) });
  });

  test.each(['2.30.0', '0.11.4', '5.0.0', 'latest', '1'])('%s is no Prisma 1 CLI', (text) => {
    expect(cliVersionOf(text)).toBeUndefined();
  });
});
