import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { applyChanges, planChanges } from '../../../../targets/common/apply.js';
import { kitErrorOf } from '../../../support/kit-error-of.js';
import { testContext } from '../../../support/test-context.js';

const event = (type: string, rest: object) =>
  `echo '${JSON.stringify({ type, '@message': type, ...rest })}'`;
const hook = (addr: string, rest: object = {}) => ({ hook: { resource: { addr }, ...rest } });
const planned = (addr: string, action: string) =>
  event('planned_change', { change: { resource: { addr }, action } });

/** A script in Terraform's place, and the context of a command. */
async function stage(...lines: string[]) {
  const context = await testContext();
  const binary = join(context.home, 'terraform');
  await writeFile(binary, ['#!/bin/sh', ...lines, ''].join('\n'));
  await chmod(binary, 0o755);
  await mkdir(join(context.project.stateDir, 'state'), { recursive: true });
  const run = {
    binary,
    directory: context.home,
    dataDir: context.home,
    env: { PATH: process.env.PATH },
  };
  return { context, run, reports: context.reports };
}

describe('applyChanges', () => {
  test('reports each step by its short name and gives the changes', async () => {
    const { context, run, reports } = await stage(
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
    expect(await applyChanges('apply', run, context)).toEqual([
      { address: 'docker_container.server', action: 'create' },
    ]);
    expect(reports).toEqual([
      'done server created 2000',
      'detail register: hello',
      'done network removed 0',
      'warn a: b',
    ]);
  });

  test('calls Terraform so that it never asks, and waits for another one', async () => {
    const { context, run, reports } = await stage(
      `echo "{\\"type\\":\\"provision_progress\\",\\"@message\\":\\"\\",\\"hook\\":{\\"resource\\":{\\"addr\\":\\"x\\"},\\"output\\":\\"$*\\"}}"`,
    );
    await applyChanges('destroy', run, context);
    expect(reports).toEqual([
      'detail x: destroy -json -auto-approve -input=false -lock-timeout=120s',
    ]);
  });

  test('fails with what the stage inside said, and forgets it', async () => {
    const failure = {
      code: 'server-open',
      exitCode: 3,
      problems: [{ path: 'http://localhost:1', message: 'open', hint: 'Close it.' }],
    };
    const { context, run } = await stage(
      `echo '${JSON.stringify(failure)}' >"$CLUSTERKIT_FAILURE_FILE"`,
      event('diagnostic', { diagnostic: { severity: 'error', summary: 'exit status 3' } }),
      'exit 1',
    );
    expect(await kitErrorOf(() => applyChanges('apply', run, context))).toMatchObject(failure);
    expect(await readdir(join(context.project.stateDir, 'state'))).toEqual([]);
  });

  test('fails with Terraform’s own diagnostics, all of them', async () => {
    const { context, run } = await stage(
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
    expect(await kitErrorOf(() => applyChanges('apply', run, context))).toMatchObject({
      code: 'terraform-failed',
      exitCode: 3,
      problems: [
        { path: 'server', message: 'Unable to create container: no space left' },
        { message: 'another' },
      ],
    });
  });

  test.each([
    ['echo "Error: Unsupported version" >&2; exit 1', 'Unsupported version'],
    ['exit 1', 'terraform apply failed: without a reason'],
    ['echo "{}" >"$CLUSTERKIT_FAILURE_FILE"; exit 1', 'terraform apply failed: without a reason'],
  ])('fails when it cannot even start: %s', async (script, message) => {
    const { context, run } = await stage(script);
    const error = await kitErrorOf(() => applyChanges('apply', run, context));
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
