import { describe, expect, test } from 'vitest';
import { AUTHS, authsOf } from '../../../prisma/auth.js';
import type { Generation } from '../../../prisma/generation.js';
import { afterChange, afterFalseSuccess, afterInit, afterUp } from '../../../service/next-steps.js';
import { cliVersionOf } from '../../../service/prisma-cli/cli-version.js';
import { cliFor, judgeCombination } from '../../../service/prisma-cli/compatibility.js';
import type { Form } from '../../../service/prisma-yml/service.js';

const GENERATIONS = Object.keys(AUTHS) as Generation[];
/** Every kind of cluster that the kit can make: with a key pair, perhaps also with the secret derived from it. */
const CLUSTERS = GENERATIONS.flatMap((generation) =>
  [false, true].flatMap((behindGateway) =>
    authsOf(generation, behindGateway).flatMap((auth) =>
      (auth === 'rsa' && generation !== 'A' ? [false, true] : [false]).map((derivedSecret) => ({
        name: 'one',
        ...{ generation, behindGateway, auth, derivedSecret },
      })),
    ),
  ),
);
const named = (text: string) => cliVersionOf(/prisma1?@([\d.]+)/.exec(text)?.[1] ?? '');

describe('after up', () => {
  test('a key pair: the CLI alone finds it in the registry', () => {
    const cluster = {
      name: 'local',
      generation: 'B',
      auth: 'rsa',
      behindGateway: false,
      derivedSecret: false,
    } as const;
    expect(afterUp(cluster, 'scripts/clusterkit')).toEqual([
      'Next, for a new service:',
      '  scripts/clusterkit init blog ./blog --cluster local',
      '  (cd blog && npm install --ignore-scripts)',
      '  scripts/clusterkit deploy ./blog',
      'A service that exists, in DIR:',
      '  scripts/clusterkit deploy DIR --cluster local',
      'Or with the CLI alone, in a service with `cluster: local` in its prisma.yml:',
      '  npm i -D prisma@1.8.3 mkdirp@0.5',
      '  npx prisma deploy',
    ]);
    const both = { ...cluster, derivedSecret: true };
    expect(afterUp(both, 'scripts/clusterkit').slice(9)).toEqual([
      'Or with the newest CLI, in a service with `endpoint` in its prisma.yml:',
      '  npm i -D prisma1@1.34.12',
      '  scripts/clusterkit exec local --management-secret -- npx prisma1 deploy',
    ]);
  });

  test.each(CLUSTERS)(
    '$generation, $auth, behind a gateway: $behindGateway, derived: $derivedSecret',
    (cluster) => {
      const text = afterUp(cluster, 'ck').join('\n');
      // A shared secret in the registry is of no use to any CLI.
      expect(text.includes('npx prisma deploy')).toBe(cluster.auth === 'rsa');
      expect(text.includes('exec one --management-secret')).toBe(
        cluster.auth === 'secret' || cluster.derivedSecret,
      );
      expect(text).not.toContain('npx clusterkit');
    },
  );
});

test.each(
  CLUSTERS.flatMap((cluster) =>
    (['cluster', 'endpoint'] as Form[]).map((form) => ({ ...cluster, form })),
  ),
)(
  'the CLI that is named for $generation, $auth, $behindGateway, $derivedSecret, $form deploys there',
  (combination) => {
    const cli = named(cliFor(combination));
    const { generation, auth, derivedSecret, form } = combination;
    const { verdict } = judgeCombination({ ...combination, cli });
    // Servers up to 1.6 know no way by endpoint but for CLIs 1.7 and 1.8.
    expect([verdict, cli?.minor]).toEqual([
      generation === 'A' && form === 'endpoint' ? 'warning' : 'ok',
      (auth === 'secret' || derivedSecret) && form === 'endpoint'
        ? 34
        : generation === 'A' && form === 'cluster'
          ? 6
          : 8,
    ]);
  },
);

test('after init: everything from the directory where it was called', () => {
  expect(afterInit({ directory: 'a/blog', cluster: 'local' }, '/k/clusterkit')).toEqual([
    '(cd a/blog && npm install --ignore-scripts)',
    '/k/clusterkit deploy a/blog',
  ]);
  expect(afterInit({ directory: '.', cluster: null }, 'clusterkit')).toEqual([
    'npm install --ignore-scripts',
    'clusterkit deploy --cluster NAME',
  ]);
});

test('after a false success: the reason that is known, and a CLI that can', () => {
  const cluster = {
    name: 'one',
    generation: 'A',
    auth: 'rsa',
    behindGateway: false,
    derivedSecret: false,
  } as const;
  const hint = (minor: number, onlyRemovals: boolean) =>
    afterFalseSuccess(cluster, { label: 'x', minor }, { form: 'cluster', onlyRemovals });
  expect(hint(0, true)).toMatch(/only removed\. One that removes them: npm i -D prisma@1\.6\.3/);
  for (const other of [hint(0, false), hint(6, true)])
    expect(other).toMatch(/use a CLI that fits the server: npm i -D prisma@1\.6\.3/);
});

describe('after a change', () => {
  const plain = { behindGateway: false, derivedSecret: false } as const;
  const B = { generation: 'B', auth: 'rsa', ...plain } as const;
  const C = { generation: 'C', auth: 'secret', ...plain } as const;
  test('from B to C: ids, times, --force, and which CLIs deploy no more', () => {
    const [datamodel, clis, ...more] = afterChange('one', B, C);
    expect(datamodel).toMatch(/@id.*@createdAt.*@updatedAt.*deploy DIR -- --force/);
    expect(clis).toMatch(
      /one: 1\.8 to 1\.34; until now 1\.0 to 1\.8\..*no longer.*prisma1@1\.34\.12/,
    );
    expect(more).toEqual([]);
  });
  test('and back', () => {
    const [datamodel, clis] = afterChange('one', C, B);
    expect(datamodel).toMatch(/@unique.*without @id.*--force/);
    expect(clis).toMatch(
      /one: 1\.0 to 1\.8; until now 1\.8 to 1\.34\. A CLI for it: npm i -D prisma@1\.8\.3/,
    );
  });
  test('another kind of secret alone: the CLIs', () => {
    const shared = { ...B, auth: 'secret' } as const;
    expect(afterChange('one', B, shared)).toEqual([expect.stringContaining('1.7 to 1.34')]);
  });
  test('a server that also accepts the secret derived from its key: no CLI stops working', () => {
    expect(afterChange('one', B, { ...B, derivedSecret: true })).toEqual([
      expect.stringMatching(/one: 1\.0 to 1\.34; until now 1\.0 to 1\.8\. A CLI/),
    ]);
  });
  test('nothing to say', () => {
    expect(afterChange('one', B, B)).toEqual([]);
    expect(afterChange('one', { ...B, generation: 'A' }, B)).toEqual([]);
  });
});
