import { chmod, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runTerraform } from '../../../../clients/terraform/run-terraform.js';
import { kitErrorOf } from '../../../support/kit-error-of.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

/** A program of the test's own in the place of Terraform. */
async function program(script: string) {
  const directory = await temporaryDirectory();
  const binary = join(directory, 'terraform');
  await writeFile(binary, `#!/bin/sh\n${script}\n`);
  await chmod(binary, 0o755);
  return {
    binary,
    directory,
    dataDir: join(directory, 'data'),
    env: { PATH: process.env.PATH, KEPT: 'yes' },
  };
}

describe('runTerraform', () => {
  test('gives events, other text and the exit code', async () => {
    const run = await program(`
      echo '{"type":"version","@message":"Terraform 1.11.4"}'
      echo 'plain words'
      echo 'on stderr' >&2
      exit 2`);
    const seen: string[] = [];
    const result = await runTerraform(['plan'], { ...run, onEvent: ({ type }) => seen.push(type) });
    expect(result.exitCode).toBe(2);
    expect(result.events.map(({ type }) => type)).toEqual(['version']);
    expect(seen).toEqual(['version']);
    expect(result.text.split('\n').sort()).toEqual(['on stderr', 'plain words']);
  });

  test('runs in the directory, with arguments, and an environment that never asks', async () => {
    const run = await program(
      'echo "$PWD $*"; echo "$KEPT $TF_IN_AUTOMATION $TF_INPUT $CHECKPOINT_DISABLE"',
    );
    const { text } = await runTerraform(['plan', '-input=false'], run);
    expect(text).toBe(`${run.directory} plan -input=false\nyes 1 0 1`);
  });

  test('leaves no log behind, and no trace in the text', async () => {
    const run = await program(`
      echo '2026-01-01T00:00:00.000Z [TRACE] user_data: the host key' >&2
      echo '{"@level":"debug","@message":"the host key","@timestamp":"2026-01-01T00:00:00Z"}' >&2
      echo words`);
    const env = { ...run.env, TF_LOG: 'TRACE' };
    expect((await runTerraform([], { ...run, env })).text).toBe('words');
    expect(await readdir(run.directory)).toEqual(['terraform']);
  });

  test('reads nothing from the terminal', async () => {
    const { text } = await runTerraform([], await program('cat; echo end'));
    expect(text).toBe('end');
  });

  test('keeps several MB of output', async () => {
    const run = await program('yes "some line of no great length" | head -n 100000');
    const { text } = await runTerraform([], run);
    expect(text.split('\n')).toHaveLength(100_000);
  });

  test('fails when it cannot be run, and says what to do', async () => {
    const run = { ...(await program('')), binary: '/nonexistent/terraform' };
    const error = await kitErrorOf(() => runTerraform([], run));
    expect(error).toMatchObject({ code: 'terraform-unusable', exitCode: 3 });
    expect(error.problems[0]).toMatchObject({
      path: '/nonexistent/terraform',
      hint: 'Run scripts/setup.',
    });
  });

  test('passes one interrupt on, waits for the end in order, then says why', async () => {
    const controller = new AbortController();
    const run = await program(`
      trap 'echo stopping >>log; sleep 0.3; echo stopped >>log; exit 1' INT
      echo '{"type":"ready","@message":""}'
      while :; do sleep 0.05; done`);
    const work = runTerraform([], {
      ...run,
      signal: controller.signal,
      onEvent: () => controller.abort(new Error('interrupted by SIGINT')),
    });
    await expect(work).rejects.toThrow('interrupted by SIGINT');
    const { readFile } = await import('node:fs/promises');
    expect(await readFile(join(run.directory, 'log'), 'utf8')).toBe('stopping\nstopped\n');
  });

  test('misses no interrupt while it prepares', async () => {
    const controller = new AbortController();
    const run = await program('touch started; trap "exit 1" INT; while :; do sleep 0.05; done');
    const work = runTerraform([], { ...run, signal: controller.signal });
    controller.abort(new Error('interrupted by SIGINT'));
    await expect(work).rejects.toThrow('interrupted by SIGINT');
    expect(await readdir(run.directory)).not.toContain('started');
  }, 5000);

  test('does not even start after an interrupt', async () => {
    const run = await program('touch started');
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(runTerraform([], { ...run, signal })).rejects.toThrow('too late');
  });
});
