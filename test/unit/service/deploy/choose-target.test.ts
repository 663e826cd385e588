import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readRegistry } from '../../../../registry/file/read-registry.js';
import { chooseTarget } from '../../../../service/deploy/choose-target.js';
import { readService } from '../../../../service/prisma-yml/read-service.js';
import { kitErrorOf } from '../../../support/kit-error-of.js';
import { entryText } from '../../../support/registry-files.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

const REGISTRY = `clusters:\n${entryText('local', 'http://localhost:4466', 'k')}${entryText('twin', 'http://127.0.0.1:4466/', 'k')}${entryText('staging', 'http://s.example:4466', 'k')}`;

interface Given {
  readonly cluster?: string;
  readonly service?: string;
  readonly stage?: string;
  readonly env?: Record<string, string>;
  readonly opt?: Record<string, string>;
  /** The choice of the user. */
  readonly says?: string;
}

async function choose(text: string, { env = {}, opt = {}, says, ...request }: Given = {}) {
  const directory = await temporaryDirectory();
  const file = join(directory, 'prisma.yml');
  await writeFile(file, `${text}\ndatamodel: d\n`);
  await writeFile(join(directory, 'd'), '');
  await writeFile(join(directory, 'config.yml'), REGISTRY);
  const registry = await readRegistry(join(directory, 'config.yml'));
  const sources = { env, opt };
  let asked = false;
  const ask = async (why: string) => {
    asked = true;
    if (says === undefined) throw new Error(why);
    return says;
  };
  const service = await readService(file, sources);
  const { change, ...target } = await chooseTarget(service, { registry, request, sources, ask });
  return { ...target, kind: change.kind, asked };
}

const BLOG = { service: 'blog', stage: 'dev', variables: {}, asked: false };

describe('by service, stage and cluster', () => {
  const NAMED = 'service: blog\nstage: dev\ncluster: staging';
  const OPEN = 'service: blog\nstage: dev';
  const VARIABLE = `${OPEN}\ncluster: \${env:C}`;
  test.each<[string, string, Given, object]>([
    ['the named one', NAMED, {}, { cluster: 'staging', kind: 'hold' }],
    ['the same by flag', NAMED, { cluster: 'staging' }, { cluster: 'staging', kind: 'hold' }],
    ['another for one run', NAMED, { cluster: 'local' }, { cluster: 'local', kind: 'for-run' }],
    ['the flag is written', OPEN, { cluster: 'local' }, { cluster: 'local', kind: 'write' }],
    [
      'the choice is written',
      OPEN,
      { says: 'twin' },
      { cluster: 'twin', kind: 'write', asked: true },
    ],
    [
      'a variable that is set',
      VARIABLE,
      { env: { C: 'staging' } },
      { cluster: 'staging', kind: 'none', variables: { C: 'staging' } },
    ],
    [
      'a variable by flag',
      VARIABLE,
      { env: { C: 'staging' }, cluster: 'local' },
      { cluster: 'local', kind: 'none', variables: { C: 'local' } },
    ],
    [
      'a variable by choice',
      VARIABLE,
      { says: 'local' },
      { cluster: 'local', kind: 'none', variables: { C: 'local' }, asked: true },
    ],
  ])('%s', async (_, text, given, expected) => {
    expect(await choose(text, given)).toEqual({ ...BLOG, ...expected });
  });

  test.each([
    [OPEN, 'it names no cluster'],
    [VARIABLE, `\${env:C} has no value`],
    [`endpoint: \${env:E}/blog/dev`, `\${env:E}/blog/dev has no value`],
  ])('reason to ask the user: %s', async (text, why) => {
    await expect(choose(text)).rejects.toThrow(why);
  });

  test('a name that is not in the registry, with a suggestion', async () => {
    const unknown = await kitErrorOf(() => choose(NAMED.replace('staging', 'stagin')));
    expect(unknown).toMatchObject({ code: 'cluster-unknown', exitCode: 2 });
    expect(unknown.problems[0]?.path).toMatch(/prisma\.yml:3$/);
    expect(unknown.problems[0]?.hint).toBe("Did you mean 'staging'? Known: local, twin, staging.");
    const flag = await kitErrorOf(() => choose(NAMED, { cluster: 'loca' }));
    expect(flag.problems[0]).toMatchObject({ path: '--cluster', hint: /^Did you mean 'local'/ });
  });

  test(`--stage fills \${opt:stage}, and does not contradict`, async () => {
    const text = `service: blog\nstage: \${opt:stage}\ncluster: local`;
    expect(await choose(text, { stage: 'p', opt: { stage: 'p' } })).toMatchObject({ stage: 'p' });
    const { code } = await kitErrorOf(() => choose(NAMED, { stage: 'other' }));
    expect(code).toBe('service-differs');
  });
});

describe('by endpoint', () => {
  const LITERAL = 'endpoint: http://localhost:4466/blog/dev';
  const PREFIX = `endpoint: \${env:PE}/blog/dev`;
  const WHOLE = `endpoint: "\${env:PE}"`;
  const STAGING = 'http://s.example:4466';
  const set = (PE: string) => ({ env: { PE } });
  const none = { kind: 'none' };

  test.each<[string, string, Given, object]>([
    ['its host, first by name', LITERAL, {}, { cluster: 'local', ...none }],
    ['its host, by flag', LITERAL, { cluster: 'twin' }, { cluster: 'twin', ...none }],
    [
      'prefix: set',
      PREFIX,
      set(STAGING),
      { cluster: 'staging', variables: { PE: STAGING }, ...none },
    ],
    ...['/', '//'].map((end): [string, string, Given, object] => [
      `prefix: set, with ${end} at its end`,
      PREFIX,
      set(`${STAGING}${end}`),
      { cluster: 'staging', variables: { PE: STAGING }, ...none },
    ]),
    ['a doubled slash', LITERAL.replace('/blog', '//blog'), {}, { cluster: 'local', ...none }],
    [
      'whole: set, with slashes too many',
      WHOLE,
      set(`${STAGING}//blog//dev/`),
      { cluster: 'staging', variables: { PE: `${STAGING}/blog/dev` }, ...none },
    ],
    [
      'prefix: the flag wins',
      PREFIX,
      { ...set(STAGING), cluster: 'local' },
      { cluster: 'local', variables: { PE: 'http://localhost:4466' }, ...none },
    ],
    [
      'prefix: the flag is remembered',
      PREFIX,
      { cluster: 'staging' },
      { cluster: 'staging', variables: { PE: STAGING }, kind: 'remember' },
    ],
    [
      'prefix: the choice is remembered',
      PREFIX,
      { says: 'staging' },
      { cluster: 'staging', variables: { PE: STAGING }, kind: 'remember', asked: true },
    ],
    [
      'prefix: remembered',
      `${PREFIX}\n# cluster: staging`,
      {},
      { cluster: 'staging', variables: { PE: STAGING }, ...none },
    ],
    [
      'prefix: what is set wins over what is remembered',
      `${PREFIX}\n# cluster: local`,
      set(STAGING),
      { cluster: 'staging', variables: { PE: STAGING }, ...none },
    ],
    [
      'prefix: the flag for one run',
      `${PREFIX}\n# cluster: local`,
      { cluster: 'staging' },
      { cluster: 'staging', variables: { PE: STAGING }, ...none },
    ],
    [
      'prefix: with a default',
      `endpoint: "\${env:PE, '${STAGING}'}/blog/dev"`,
      {},
      { cluster: 'staging', variables: { PE: STAGING }, ...none },
    ],
    [
      'whole: set',
      WHOLE,
      set(`${STAGING}/blog/dev`),
      { cluster: 'staging', variables: { PE: `${STAGING}/blog/dev` }, ...none },
    ],
    [
      'whole: another cluster, the same service',
      WHOLE,
      { ...set(`${STAGING}/blog/dev`), cluster: 'local' },
      { cluster: 'local', variables: { PE: 'http://localhost:4466/blog/dev' }, ...none },
    ],
    [
      'whole: by flags',
      WHOLE,
      { cluster: 'staging', service: 'blog', stage: 'dev' },
      { cluster: 'staging', variables: { PE: `${STAGING}/blog/dev` }, kind: 'remember' },
    ],
    [
      'none: as a variable of the CLI',
      '# cluster: staging',
      { service: 'blog', stage: 'dev' },
      {
        cluster: 'staging',
        variables: { PRISMA_MANAGEMENT_API_ENDPOINT: `${STAGING}/blog/dev` },
        ...none,
      },
    ],
  ])('%s', async (_, text, given, expected) => {
    expect(await choose(text, given)).toEqual({ ...BLOG, ...expected });
  });

  test.each<[string, string, Given, string, RegExp]>([
    [
      'another host',
      LITERAL,
      { cluster: 'staging' },
      'endpoint-fixed',
      /PRISMA_ENDPOINT\}\/blog\/dev/,
    ],
    [
      'unknown host',
      LITERAL.replace('4466', '4467'),
      {},
      'cluster-unknown',
      /mean 'http:\/\/localhost:4466'/,
    ],
    ['unknown by flag', PREFIX, { cluster: 'stag' }, 'cluster-unknown', /Known/],
    ['unknown, remembered', `${PREFIX}\n# cluster: gone`, {}, 'cluster-unknown', /Known/],
    ['nothing tells the service', WHOLE, { cluster: 'local' }, 'service-unnamed', /--service NAME/],
    ['a slash at the end', `${LITERAL}/`, {}, 'endpoint-invalid', /HOST:PORT/],
    [
      'a variable in the middle',
      `endpoint: http://\${env:H}/a/b`,
      {},
      'endpoint-invalid',
      /variables/,
    ],
    [
      'a path without value',
      `${PREFIX.replace('dev', `\${opt:stage}`)}`,
      {},
      'service-unnamed',
      /--stage/,
    ],
    [
      'another service beside',
      `${LITERAL}\nservice: shop`,
      {},
      'service-differs',
      /Remove the line/,
    ],
  ])('rejects: %s', async (_, text, given, code, hint) => {
    const error = await kitErrorOf(() => choose(text, given));
    expect(error).toMatchObject({ code, exitCode: 2 });
    expect(error.problems[0]?.hint).toMatch(hint);
  });
});
