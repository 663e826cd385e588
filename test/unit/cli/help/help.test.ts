import { describe, expect, test } from 'vitest';
import { ALL_VERBS } from '../../../../cli/all-verbs.js';
import { nameOf, verbsOf } from '../../../../cli/help/notes.js';
import { createProgram, runProgram } from '../../../../cli/program.js';
import { fakeProcess } from '../../../support/fake-process.js';

const program = createProgram('', ALL_VERBS, () => async () => {}, process);
const verbs = verbsOf(program).map((verb) => nameOf(verb).split(' ').slice(1));
const shown = verbs.filter(([first]) => !first?.startsWith('__'));

async function run(argv: readonly string[], columns?: number) {
  const { world, written } = fakeProcess();
  if (columns !== undefined) Object.assign(world.stdout, { columns });
  const code = await runProgram(argv, '1.2.3', ALL_VERBS, world);
  return { code, ...written };
}

const tooLong = (text: string, width: number) =>
  text.split('\n').filter((line) => line.length > width);

describe('help', () => {
  test.each([[], ['cluster'], ...verbs].map((words) => [words.join(' '), words] as const))(
    '%s: 80 columns at most, in a pipe and on a wide terminal',
    async (_, words) => {
      const piped = await run([...words, '--help']);
      expect([piped.code, piped.stderr, tooLong(piped.stdout, 80)]).toEqual([0, '', []]);
      expect((await run([...words, '--help'], 200)).stdout).toBe(piped.stdout);
    },
  );

  test.each(shown.map((words) => [words.join(' '), words] as const))(
    '%s: has a description, an example that calls it, and a meaning for each argument',
    async (name, words) => {
      const { stdout } = await run([...words, '--help']);
      expect(stdout).toMatch(new RegExp(`^Usage: clusterkit ${name} .*\n\n[a-z]`));
      expect(stdout.split('Examples:\n')[1]).toContain(
        `clusterkit ${name.replace('cluster list', 'list')}`,
      );
      expect(stdout).not.toMatch(/^ {2}\w+$/m);
    },
  );

  test('help VERB and help cluster VERB print what --help prints', async () => {
    expect(await run(['help', 'up'])).toEqual(await run(['up', '--help']));
    expect(await run(['help', 'cluster', 'add'])).toEqual(await run(['cluster', 'add', '--help']));
  });

  test('the hint after a wrong call names the whole command', async () => {
    const { code, stderr } = await run(['cluster', 'add']);
    expect([code, stderr]).toEqual([
      2,
      "error: missing required argument 'name'\n(see clusterkit cluster add --help)\n",
    ]);
  });

  test('without a command it prints the help on stderr, exit 2', async () => {
    const { code, stdout, stderr } = await run([]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe((await run(['--help'])).stdout);
  });
});
