import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { homeWithRegistry } from '../../support/registry-verbs.js';
import { compiled } from '../../support/test-cluster.js';

async function line(script: string) {
  const { home } = await homeWithRegistry('clusters: {here: {host: http://127.0.0.1:9}}\n');
  const env = {
    HOME: home,
    PATH: process.env.PATH,
    CK: `${process.execPath} ${compiled('cli/main.js')}`,
  };
  return execa('bash', ['-c', script], { env, extendEnv: false, stdin: 'ignore', reject: false });
}

describe('words that nobody reads', () => {
  test('do not end a command, and are no error', async () => {
    const { stdout, stderr } = await line('$CK cluster list | true; echo $PIPESTATUS');
    expect([stdout, stderr]).toEqual(['0', '']);
  });

  test('that cannot be written are an error: exit 3', async () => {
    const { exitCode, stderr } = await line('$CK cluster list >/dev/full');
    expect(exitCode).toBe(3);
    expect(stderr).toContain('error: the result cannot be written: ENOSPC');
  });
});
