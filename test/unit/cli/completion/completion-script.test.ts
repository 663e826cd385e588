import { Argument, Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { commandTree } from '../../../../cli/completion/command-tree.js';
import { renderScript } from '../../../../cli/completion/render-script.js';

function program() {
  const root = new Command('clusterkit').helpCommand(false);
  const cluster = root.command('cluster').description('the registry').helpCommand(false);
  cluster.command('show').description("it's one").argument('<name>').option('--json', 'as JSON');
  cluster
    .command('add')
    .argument('<name>')
    .option('--key-file <file>', 'key')
    .option('--host <url>');
  root.command('up').argument('<name...>');
  root.command('completion').addArgument(new Argument('<shell>').choices(['bash', 'zsh']));
  root.command('hidden', { hidden: true });
  return root;
}

describe('commandTree', () => {
  test('commands by path, the hidden ones left out', () => {
    expect(commandTree(program()).map(({ path }) => path)).toEqual([
      '',
      'cluster',
      'cluster show',
      'cluster add',
      'up',
      'completion',
    ]);
  });

  test('what options and arguments take', () => {
    const nodes = new Map(commandTree(program()).map((node) => [node.path, node]));
    expect(nodes.get('cluster add')?.options.map(({ flag, value }) => [flag, value])).toEqual([
      ['--key-file', 'file'],
      ['--host', 'text'],
      ['--help', 'none'],
    ]);
    const sources = [...nodes.values()].flatMap((node) => node.arguments);
    expect(sources).toEqual([
      { source: 'registry', variadic: false },
      { source: undefined, variadic: false },
      { source: 'settings', variadic: true },
      { source: ['bash', 'zsh'], variadic: false },
    ]);
  });
});

describe('renderScript', () => {
  const render = (shell: 'bash' | 'zsh' | 'fish', template: string) =>
    renderScript(shell, template, commandTree(program())).split('\n');

  test('bash', () => {
    expect(render('bash', '@VALUE_OPTIONS@')).toEqual(['--key-file | --host']);
    expect(render('bash', '@WORDS@')[1]).toBe(
      "      'cluster') words='show add' options='--help' ;;",
    );
    expect(render('bash', '@ARGUMENTS@').map((line) => line.trim())).toEqual([
      "'cluster show 0') kind=registry ;;",
      "'up '*) kind=settings ;;",
      "'completion 0') words='bash zsh' ;;",
    ]);
  });

  test('zsh and fish: descriptions, quoted as each wants it', () => {
    expect(render('zsh', '@WORDS@')[1]).toContain("'show:it'\\''s one'");
    expect(render('fish', '@LINES@')).toContain(
      `complete -c clusterkit -n '__clusterkit_is "cluster" "*"' -a show -d 'it\\'s one'`,
    );
  });

  test('nothing but known markers is replaced', () => {
    expect(render('bash', '"words[@]" me@host @OTHER@')).toEqual(['"words[@]" me@host @OTHER@']);
  });
});
