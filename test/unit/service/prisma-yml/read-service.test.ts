import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readService } from '../../../../service/prisma-yml/read-service.js';
import { kitErrorOf } from '../../../support/kit-error-of.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

const ENV = { env: { STAGE: 'dev', SECRET: 's1, s2' }, opt: { stage: 'prod' } };

async function read(text: string, files: Record<string, string> = { 'd.graphql': 'type A' }) {
  const directory = await temporaryDirectory();
  const file = join(directory, 'prisma.yml');
  await writeFile(file, text);
  await mkdir(join(directory, 'more'));
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(directory, name), content);
  }
  return { file, service: () => readService(file, ENV) };
}

describe('prisma.yml', () => {
  test('by service, stage and cluster', async () => {
    const { service, file } = await read(
      `service: blog # b\nstage: \${env:STAGE}\ncluster: local\ndatamodel: d.graphql\nsecret: \${env:SECRET}\n`,
    );
    const found = await service();
    expect(found).toMatchObject({
      file,
      form: 'cluster',
      service: { raw: 'blog', value: 'blog', line: 1 },
      stage: { raw: `\${env:STAGE}`, value: 'dev', line: 2 },
      cluster: { raw: 'local', value: 'local', line: 3 },
      endpoint: undefined,
      remembered: undefined,
      datamodel: ['d.graphql'],
      types: 'type A\n',
      variables: ['STAGE', 'SECRET'],
      flags: [],
    });
    expect(found.secrets.map((secret) => secret.reveal())).toEqual(['s1', 's2']);
  });

  test('by endpoint, with several datamodel files and a remembered cluster', async () => {
    const { service } = await read(
      `\uFEFFendpoint: "\${env:PE}/blog/\${opt:stage}"\r\n# cluster: there\r\ndatamodel:\r\n  - d.graphql\r\n  - more/e.graphql\r\n`,
      { 'd.graphql': 'type A', 'more/e.graphql': 'type B\n' },
    );
    expect(await service()).toMatchObject({
      form: 'endpoint',
      endpoint: { raw: `\${env:PE}/blog/\${opt:stage}`, value: undefined, line: 1 },
      remembered: { name: 'there', line: 2 },
      types: 'type A\ntype B\n\n',
      secrets: [],
      flags: ['stage'],
    });
  });

  test('with neither', async () => {
    const { service } = await read('datamodel: d.graphql\n');
    expect(await service()).toMatchObject({ form: 'bare', endpoint: undefined });
  });

  test('with values over several lines, merges and custom parts', async () => {
    const { service } = await read(
      `base: &b {stage: dev}\n<<: *b\nservice: >-\n  blog\ncustom: {n: d.graphql}\ndatamodel: \${self:custom.n}\n`,
    );
    expect(await service()).toMatchObject({
      ...{ service: { value: 'blog' }, stage: { value: 'dev' }, datamodel: ['d.graphql'] },
    });
  });

  test('reports all problems at once, with their lines', async () => {
    const { service, file } = await read(
      `service: blog\nstage: \${env:NONE}\ncluster: 7\ndatamodel: none.graphql\nsecret: \${env:NO}\n`,
    );
    const { problems, exitCode } = await kitErrorOf(service);
    expect(exitCode).toBe(2);
    expect(problems).toEqual([
      {
        path: `${file}:3 cluster`,
        message: 'must be a text',
        hint: "Put it in quotes: cluster: '…'",
      },
      expect.objectContaining({
        path: `${file}:2 stage`,
        message: 'env:NONE has no value',
      }),
      expect.objectContaining({
        path: `${file}:5 secret`,
        message: 'env:NO has no value',
      }),
      { path: `${file}:4`, message: 'cannot read its datamodel none.graphql' },
    ]);
  });

  test.each([
    ['a: [', 1, /./],
    ['a: 1\nb: 2\na: 3\n', 3, /twice/],
    ['service: x\ncluster: y\ndatamodel: d.graphql', undefined, /stage is missing/],
    [
      'endpoint: http://h/a/b\ncluster: y\ndatamodel: d.graphql',
      2,
      /cannot be combined with endpoint/,
    ],
    ['endpoint: http://h/a/b', undefined, /datamodel is missing/],
    ['- a', undefined, /no keys/],
    ['', undefined, /no keys/],
  ])('%j is refused', async (text, line, message) => {
    const { service, file } = await read(text);
    const { problems } = await kitErrorOf(service);
    expect(problems[0]?.message).toMatch(message);
    expect(problems[0]?.path).toMatch(line === undefined ? file : `${file}:${line}`);
  });
});
