import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { synthesized, workspace } from './provider-workspace.js';

interface Verdict {
  readonly valid: boolean;
  readonly diagnostics: readonly {
    readonly severity: string;
    readonly summary: string;
    readonly detail: string;
    readonly snippet?: { readonly context: string };
  }[];
}

/** What is laid over a valid resource, and what is said of it. */
const REFUSED: readonly (readonly [string, Record<string, unknown>, string])[] = [
  ['droplet', { colour: 'red' }, 'No argument or block type is named'],
  ['droplet', { name: '' }, 'set, not empty'],
  ['droplet', { tags: ['no spaces'] }, 'letters, numbers, colons'],
  ['droplet', { ssh_keys: [''] }, 'set, not empty'],
  ['droplet', { backups: null }, 'backup_policy needs backups'],
  ['droplet', { backup_policy: { hour: 21 } }, 'from 0 to 20'],
  ['droplet', { backup_policy: { plan: 'yearly' } }, 'one of daily, weekly'],
  ['droplet', { backup_policy: [{}, {}] }, 'more than once'],
  ['droplet', { timeouts: { create: 'soon' } }, 'a duration such as 5m'],
  ['droplet', { size: null }, 'size'],
  ['volume', { size: 0 }, 'from 1'],
  ['volume', { initial_filesystem_type: 'ntfs' }, 'one of ext4, xfs'],
  ['volume_attachment', { droplet_id: 0 }, 'not zero'],
  ['firewall', { inbound_rule: { protocol: 'gre' } }, 'one of tcp, udp, icmp'],
  ['firewall', { inbound_rule: { port_range: '1' } }, 'protocol'],
  ['reserved_ip_assignment', { ip_address: '::1' }, 'an IPv4 address'],
  ['project', { name: 'x'.repeat(176) }, 'at most 175'],
  ['droplet', { ipv4_address: 'x' }, 'marked it as read-only'],
];

/** One of each resource, and under `twist-` and its number one of a type with other values laid over it. */
function valueStack(
  twists: readonly (readonly [type: string, values: Record<string, unknown>, ...unknown[]])[] = [],
): object {
  const document = JSON.parse(
    synthesized({
      provider: { token: 'none', apiEndpoint: 'http://127.0.0.1:9' },
      droplet: { backups: true, backupPolicy: { hour: 4, plan: 'weekly', weekday: 'MON' } },
    }),
  ) as { resource: Record<string, Record<string, object>> };
  for (const [i, [type, values]] of twists.entries()) {
    const named = document.resource[`digitalocean_${type}`] ?? {};
    named[`twist-${i}`] = { ...Object.values(named)[0], ...values };
  }
  return document;
}

let space: Awaited<ReturnType<typeof workspace>>;
const validate = async (content: object): Promise<Verdict> => {
  await space.write(content);
  return JSON.parse((await space.run('validate', '-json')).stdout);
};

beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), 'ck-test-'));
  space = await workspace({ directory });
  await space.write(valueStack());
  await space.init();
});
afterAll(() => rm(space.directory, { recursive: true, force: true }));

describe('terraform validate', () => {
  test('accepts one of each resource, as the bindings write it', async () => {
    const { valid, diagnostics } = await validate(valueStack());
    expect({ valid, diagnostics }).toEqual({ valid: true, diagnostics: [] });
  });

  describe('refuses', () => {
    let verdict: Verdict;
    beforeAll(async () => {
      verdict = await validate(valueStack(REFUSED));
    });

    test.each(REFUSED.map((row, i) => [i, ...row] as const))(
      '%i: %s with %j',
      (i, type, _values, words) => {
        const said = verdict.diagnostics
          .filter(({ severity }) => severity === 'error')
          .filter(({ snippet }) =>
            isWithin(`resource.digitalocean_${type}.twist-${i}`, snippet?.context),
          )
          .map(({ summary, detail }) => `${summary} ${detail}`);
        expect(said).toHaveLength(1);
        expect(said[0]).toContain(words);
      },
    );
  });
});

describe('terraform plan', () => {
  test.each([
    [{ inbound_rule: [], outbound_rule: [] }, 'no rule at all'],
    [{ inbound_rule: { protocol: 'tcp' } }, 'has no `port_range`'],
  ])('refuses a firewall with %j', async (values, words) => {
    await space.write(valueStack([['firewall', values]]));
    const { exitCode, stderr } = await space.run(
      'plan',
      '-no-color',
      '-input=false',
      '-target=digitalocean_firewall.twist-0',
    );
    expect(exitCode).toBe(1);
    expect(stderr.replace(/[│\s]+/g, ' ')).toContain(words);
  });
});

const isWithin = (resource: string, context: string | undefined) =>
  context === resource || context?.startsWith(`${resource}.`) === true;
