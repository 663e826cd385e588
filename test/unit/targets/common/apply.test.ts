import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ClusterWorld } from '../../../../cluster/context.js';
import { projectOf } from '../../../../cluster/project.js';
import { applyChanges, planChanges } from '../../../../targets/common/apply.js';
import { kitErrorOf } from '../../../support/kit-error-of.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

const event = (type: string, rest: object) =>
  `echo '${JSON.stringify({ type, '@message': type, ...rest })}'`;
const hook = (addr: string, rest: object = {}) => ({ hook: { resource: { addr }, ...rest } });
const planned = (addr: string, action: string) =>
  event('planned_change', { change: { resource: { addr }, action } });

/** A script in Terraform's place, and a world that keeps what it is told. */
async function stage(...lines: string[]) {
  const directory = await temporaryDirectory();
  const binary = join(directory, 'terraform');
  await writeFile(binary, ['#!/bin/sh', ...lines, ''].join('\n'));
  await chmod(binary, 0o755);
  const project = projectOf('clusters.yml', directory);
  await mkdir(join(project.stateDir, 'state'), { recursive: true });
  const told: string[] = [];
  const world: ClusterWorld = {
    cluster: 'one',
    project,
    registry: join(directory, 'config.yml'),
    env: {},
    cacheDir: directory,
    steps: {
      done: (text, ms) => told.push(`done ${text} ${ms}`),
      detail: (text) => told.push(`detail ${text}`),
      warn: (text) => told.push(`warn ${text}`),
    },
    signal: new AbortController().signal,
    command: 'clusterkit up one',
  };
  const run = { binary, directory, env: { PATH: process.env.PATH } };
  return { world, run, told };
}

describe('applyChanges', () => {
  test('tells each step by its short name and gives the changes', async () => {
    const { world, run, told } = await stage(
      planned('docker_container.server', 'create'),
      planned('docker_image.server-image', 'noop'),
      event('apply_start', hook('docker_container.server', { action: 'create' })),
      event(
        'apply_complete',
        hook('docker_container.server', { action: 'create', elapsed_seconds: 2 }),
      ),
      event('provision_progress', hook('terraform_data.register', { output: 'hello' })),
      event('apply_complete', hook('docker_network.network', { action: 'delete' })),
      event('diagnostic', { diagnostic: { severity: 'warning', summary: 'a', detail: 'b' } }),
    );
    expect(await applyChanges('apply', run, world)).toEqual([
      { address: 'docker_container.server', action: 'create' },
    ]);
    expect(told).toEqual([
      'done server created 2000',
      'detail register: hello',
      'done network removed 0',
      'warn a: b',
    ]);
  });

  test('calls Terraform so that it never asks, and waits for another one', async () => {
    const { world, run, told } = await stage(
      `echo "{\\"type\\":\\"provision_progress\\",\\"@message\\":\\"\\",\\"hook\\":{\\"resource\\":{\\"addr\\":\\"x\\"},\\"output\\":\\"$*\\"}}"`,
    );
    await applyChanges('destroy', run, world);
    expect(told).toEqual(['detail x: destroy -json -auto-approve -input=false -lock-timeout=120s']);
  });

  test('fails with what the stage inside said, and forgets it', async () => {
    const failure = {
      code: 'server-open',
      exitCode: 3,
      problems: [{ path: 'http://localhost:1', message: 'open', hint: 'Close it.' }],
    };
    const { world, run } = await stage(
      `echo '${JSON.stringify(failure)}' >"$CLUSTERKIT_FAILURE_FILE"`,
      event('diagnostic', { diagnostic: { severity: 'error', summary: 'exit status 3' } }),
      'exit 1',
    );
    expect(await kitErrorOf(() => applyChanges('apply', run, world))).toMatchObject(failure);
    expect(await readdir(join(world.project.stateDir, 'state'))).toEqual([]);
  });

  test('fails with Terraform’s own diagnostics, all of them', async () => {
    const { world, run } = await stage(
      event('diagnostic', {
        diagnostic: {
          severity: 'error',
          summary: 'Unable to create container',
          detail: 'no space left',
          address: 'docker_container.server',
        },
      }),
      event('diagnostic', { diagnostic: { severity: 'warning', summary: 'beside the point' } }),
      event('diagnostic', { diagnostic: { severity: 'error', summary: 'another' } }),
      'exit 1',
    );
    expect(await kitErrorOf(() => applyChanges('apply', run, world))).toMatchObject({
      code: 'terraform-failed',
      exitCode: 3,
      problems: [
        { path: 'server', message: 'Unable to create container: no space left' },
        { message: 'another' },
      ],
    });
  });

  test.each([
    ['echo "Error: Unsupported version" >&2; exit 1', 'apply failed: Error: Unsupported version'],
    ['exit 1', 'terraform apply failed: it gave no reason'],
    ['echo "{}" >"$CLUSTERKIT_FAILURE_FILE"; exit 1', 'terraform apply failed: it gave no reason'],
  ])('fails when it cannot even start: %s', async (script, message) => {
    const { world, run } = await stage(script);
    const error = await kitErrorOf(() => applyChanges('apply', run, world));
    expect(error.message).toContain(message);
  });
});

describe('planChanges', () => {
  test('gives the changes', async () => {
    const { run } = await stage(planned('docker_container.server', 'replace'));
    expect((await planChanges(run)).changes).toEqual([
      { address: 'docker_container.server', action: 'replace' },
    ]);
  });

  test('fails as an apply does', async () => {
    const { run } = await stage('exit 1');
    expect(await kitErrorOf(() => planChanges(run))).toMatchObject({
      code: 'terraform-failed',
      exitCode: 3,
    });
  });
});
