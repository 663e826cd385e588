import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readImageInputs, stageImageInputs } from '../../../setup/image-inputs.js';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'ck-test-inputs-'));
  await writeFile(join(home, 'Dockerfile'), '# a comment\nARG BASE=debian:x\nFROM debian\n');
  await writeFile(join(home, 'run.sh'), '#!/bin/sh\n', { mode: 0o600 });
});
afterEach(() => rm(home, { recursive: true, force: true }));

const spec = (tag = 'clusterkit/test:1') => ({
  name: 'test',
  tag,
  files: { Dockerfile: join(home, 'Dockerfile'), 'run.sh': join(home, 'run.sh') },
});

it('finds the public base in the Dockerfile', async () => {
  expect((await readImageInputs(spec())).publicBase).toBe('debian:x');
});

it('has a hash that is stable, and changes with a file or the tag', async () => {
  const { hash } = await readImageInputs(spec());
  expect(hash).toMatch(/^[0-9a-f]{16}$/);
  expect((await readImageInputs(spec())).hash).toBe(hash);
  expect((await readImageInputs(spec('clusterkit/test:2'))).hash).not.toBe(hash);
  await writeFile(join(home, 'run.sh'), '#!/bin/sh\ntrue\n');
  expect((await readImageInputs(spec())).hash).not.toBe(hash);
});

it('stages scripts executable and readable, whatever their mode was', async () => {
  const context = join(home, 'context');
  await stageImageInputs(await readImageInputs(spec()), context);
  expect((await stat(join(context, 'run.sh'))).mode & 0o777).toBe(0o755);
  expect((await stat(join(context, 'Dockerfile'))).mode & 0o777).toBe(0o644);
  expect(await readFile(join(context, 'run.sh'), 'utf8')).toBe('#!/bin/sh\n');
});
