import { describe, expect, test } from 'vitest';
import type { Context } from '../../../cli/context.js';
import { registerLifecycleVerbs } from '../../../cli/lifecycle/register.js';
import { type Register, runProgram } from '../../../cli/program.js';
import { fakeProcess } from '../../support/fake-process.js';

/** One verb that keeps what it got and ends with the code it is told. */
function echo() {
  const calls: { context: Context; options: object; args: unknown[] }[] = [];
  const register: Register = (program, run) => {
    program
      .command('echo')
      .argument('<name...>')
      .option('--code <n>')
      .action(
        run(
          async () =>
            async (context: Context, options: { code?: string }, ...args: unknown[]) => {
              calls.push({ context, options, args });
              return Number(options.code ?? 0);
            },
        ),
      );
  };
  return { calls, register };
}

async function run(argv: string[], custom: Parameters<typeof fakeProcess>[0] = {}) {
  const { world, written } = fakeProcess(custom);
  const { calls, register } = echo();
  const code = await runProgram(argv, '1.2.3', [registerLifecycleVerbs, register], world);
  return { code, calls, ...written };
}

describe('runProgram', () => {
  test('--version is alone on stdout', async () => {
    expect(await run(['--version'])).toMatchObject({ code: 0, stdout: '1.2.3\n', stderr: '' });
  });

  test('--help names every verb, on stdout', async () => {
    const { code, stdout, stderr } = await run(['--help']);
    expect([code, stderr]).toEqual([0, '']);
    for (const verb of ['up', 'down', 'plan', 'status']) {
      expect(stdout).toMatch(new RegExp(`^ {2}${verb} `, 'm'));
    }
  });

  test.each(['up', 'down', 'plan', 'status'])(
    '%s --help names the shared options',
    async (verb) => {
      const { code, stdout } = await run([verb, '--help']);
      expect(code).toBe(0);
      for (const option of ['--json', '--config', '--registry', '--yes', '--verbose']) {
        expect(stdout).toContain(option);
      }
    },
  );

  test('no verb: help on stderr, exit 2', async () => {
    const { code, stdout, stderr } = await run([]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('Usage: clusterkit');
  });

  test('an unknown verb: suggestion, exit 2', async () => {
    const { code, stdout, stderr } = await run(['dwon', 'local']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain("unknown command 'dwon'");
    expect(stderr).toContain('Did you mean down?');
  });

  test('an unknown option: suggestion, where help is, exit 2', async () => {
    const { code, stderr } = await run(['down', 'local', '--keep-date']);
    expect(code).toBe(2);
    expect(stderr).toContain("unknown option '--keep-date'");
    expect(stderr).toContain('Did you mean --keep-data?');
    expect(stderr).toContain('(see clusterkit down --help)');
  });

  test('a missing argument: exit 2', async () => {
    const { code, stderr } = await run(['up']);
    expect(code).toBe(2);
    expect(stderr).toContain("missing required argument 'name'");
  });

  test('with --json a wrong call is an object on stdout too', async () => {
    const { code, stdout } = await run(['up', '--json']);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toEqual({
      error: {
        code: 'arguments-invalid',
        exitCode: 2,
        problems: [{ message: "missing required argument 'name'" }],
      },
    });
  });

  test('a verb gets its arguments and options, and its exit code comes out', async () => {
    const { code, calls } = await run(['echo', 'a', 'b', '--code', '4']);
    expect(code).toBe(4);
    expect(calls[0]?.args).toEqual([['a', 'b']]);
    expect(calls[0]?.options).toEqual({ code: '4' });
  });

  test('what a verb throws comes out', async () => {
    const { world } = fakeProcess();
    const register: Register = (program, runner) => {
      program.command('fail').action(
        runner(async () => async () => {
          throw new Error('as it is');
        }),
      );
    };
    await expect(runProgram(['fail'], '1', [register], world)).rejects.toThrow('as it is');
  });
});

describe('the context of a verb', () => {
  const contextOf = async (argv: string[], custom: Parameters<typeof fakeProcess>[0] = {}) => {
    const { calls } = await run(['echo', 'a', ...argv], custom);
    const context = calls[0]?.context;
    if (context === undefined) throw new Error('the verb did not run');
    return context;
  };

  test('defaults', async () => {
    expect(await contextOf([])).toMatchObject({
      configFile: 'clusters.yml',
      registryFlag: undefined,
      yes: false,
      canAsk: false,
      cwd: '/project',
      home: '/home/user',
      platform: 'linux',
    });
  });

  test('custom: flags win over environment', async () => {
    const env = { CLUSTERKIT_CONFIG: 'env.yml', CLUSTERKIT_REGISTRY: '/env/registry' };
    expect(await contextOf([], { env })).toMatchObject({
      configFile: 'env.yml',
      registryFlag: '/env/registry',
    });
    expect(
      await contextOf(['--config', 'a.yml', '--registry', '/r', '--yes'], { env }),
    ).toMatchObject({ configFile: 'a.yml', registryFlag: '/r', yes: true });
  });

  test('asks only on a terminal, and not with --json', async () => {
    expect((await contextOf([], { terminal: true })).canAsk).toBe(true);
    expect((await contextOf(['--json'], { terminal: true })).canAsk).toBe(false);
    expect((await contextOf([], { terminal: false })).canAsk).toBe(false);
  });
});
