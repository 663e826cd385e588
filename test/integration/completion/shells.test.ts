import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { homeWithRegistry } from '../../support/registry-verbs.js';

const MAIN = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));
const lacks = async (shell: string) =>
  (await execa(shell, ['-c', 'true'], { reject: false })).failed;
const [noBash, noZsh, noFish] = await Promise.all(['bash', 'zsh', 'fish'].map(lacks));

const REGISTRY =
  'clusters:\n  staging: {host: http://a}\n  "stage $(touch x)": {host: http://b}\n  prod: {host: http://c}\n';

/** A home in which `clusterkit` is on PATH, the completion script, and files to complete. */
async function sandbox(shell: string) {
  const { home, path } = await homeWithRegistry(REGISTRY);
  const bin = join(home, 'bin');
  await mkdir(bin);
  await writeFile(join(bin, 'clusterkit'), `#!/bin/sh\nexec ${process.execPath} ${MAIN} "$@"\n`);
  await chmod(join(bin, 'clusterkit'), 0o755);
  const cwd = join(home, 'work');
  await mkdir(cwd);
  await writeFile(
    join(cwd, 'clusters.yml'),
    'clusters:\n  local: {apps: {web: {}, worker: {}}}\n  next: {}\n',
  );
  await writeFile(join(cwd, 'key one.pem'), '');
  await writeFile(join(home, 'other.yml'), 'clusters: {elsewhere: {host: http://d}}\n');
  const env = { HOME: home, PATH: `${bin}:${process.env.PATH}`, TERM: 'dumb', LC_ALL: 'C.UTF-8' };
  const options = { cwd, env, extendEnv: false } as const;
  const { stdout } = await execa('clusterkit', ['completion', shell], options);
  const script = join(home, `completion.${shell}`);
  await writeFile(script, stdout);
  const ask = async (file: string, argv: string[]) => {
    const { stdout: text } = await execa(file, argv, { ...options, stderr: 'inherit' });
    return text.split('\n').filter((line) => line !== '');
  };
  return { home, path, script, ask };
}

/** Command lines up to the cursor, and what each shell shall offer. */
const CASES: readonly (readonly [string, readonly string[]])[] = [
  ['clusterkit clu', ['cluster']],
  ['clusterkit cluster re', ['remove', 'rename', 'restore']],
  ['clusterkit cluster add --key', ['--key-file', '--key-stdin']],
  ['clusterkit --registry', []],
  ['clusterkit cluster show p', ['prod']],
  ['clusterkit cluster show --json p', ['prod']],
  ['clusterkit cluster show prod ', []],
  ['clusterkit cluster remove prod stagi', ['staging']],
  ['clusterkit cluster rename prod ', []],
  ['clusterkit cluster show --registry ~/other.yml ', ['elsewhere']],
  ['clusterkit cluster add p', []],
  ['clusterkit up ', ['local', 'next']],
  ['clusterkit completion ', ['bash', 'fish', 'zsh']],
  ['clusterkit cluster add a --key-file key', ['key one.pem']],
  ['clusterkit cluster token prod --ttl ', []],
  ['clusterkit exec stagi', ['staging']],
  ['clusterkit env prod --form', ['--format']],
  ['clusterkit deploy --cluster p', ['prod']],
  ['clusterkit logs ', ['local', 'next']],
  ['clusterkit logs next ', ['cloud-init', 'database', 'gateway', 'proxy', 'server']],
  ['clusterkit logs --tail 5 next d', ['database']],
  ['clusterkit ssh n', ['next']],
  ['clusterkit app dep', ['deploy']],
  ['clusterkit app deploy ', ['local', 'next']],
  ['clusterkit app deploy local w', ['web', 'worker']],
  ['clusterkit app logs --tail 5 local we', ['web']],
  ['clusterkit app rollback next ', []],
  ['clusterkit deploy --cluster prod ke', ['key one.pem']],
];

describe('completion, asked in the real shell', () => {
  test.skipIf(noBash === true)('bash', async () => {
    const { script, ask } = await sandbox('bash');
    const body = `source ${script}; set -u
      for line in "\${@}"; do
        read -ra COMP_WORDS <<< "$line"
        [[ $line == *' ' ]] && COMP_WORDS+=('')
        COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
        _clusterkit
        for each in "\${COMPREPLY[@]+"\${COMPREPLY[@]}"}"; do printf '%s\\n' "$each"; done | sort
        echo ==
      done`;
    const lines = CASES.map(([line]) => line);
    const answers = await ask('bash', ['--norc', '-c', body, 'bash', ...lines]);
    expect(grouped(answers)).toEqual(CASES.map(([, words]) => words));
  });

  test.skipIf(noBash === true)('bash: a name that would do harm is quoted', async () => {
    const { script, ask } = await sandbox('bash');
    const body = `source ${script}; COMP_WORDS=(clusterkit cluster show 'stage '); COMP_CWORD=3; _clusterkit; printf '%s\\n' "\${COMPREPLY[@]}"; ls`;
    expect(await ask('bash', ['--norc', '-c', body])).toEqual([
      'stage\\ \\$\\(touch\\ x\\)',
      'clusters.yml',
      'key one.pem',
    ]);
  });

  test.skipIf(noFish === true)('fish', async () => {
    const { script, ask } = await sandbox('fish');
    const body = `source ${script}
      for line in $argv
        complete -C "$line" | string replace -r '\\t.*' '' | sort -u
        echo ==
      end`;
    const lines = CASES.map(([line]) => line);
    const answers = await ask('fish', ['--no-config', '-c', body, ...lines]);
    expect(grouped(answers)).toEqual(CASES.map(([, words]) => words));
  });

  test.skipIf(noZsh === true)('zsh', async () => {
    const { script, ask } = await sandbox('zsh');
    // What would be offered is what the completion system is told.
    const body = `
      compdef() { : }
      _files() { print -l -- *(N) }
      _message() { : }
      _describe() { [[ $1 == -o ]] && shift; print -l -- \${\${(P)2}%%:*} }
      compadd() { [[ $1 == -- ]] && shift; print -l -- "$@" }
      source ${script}
      for line in "$@"; do
        words=("\${(@s: :)line}"); CURRENT=\${#words}
        _clusterkit | while IFS= read -r each; do [[ $each == "\${words[CURRENT]}"* ]] && print -r -- "$each"; done | sort
        print -r -- '=='
      done`;
    const lines = CASES.map(([line]) => line);
    const answers = await ask('zsh', ['-f', '-c', body, 'zsh', ...lines]);
    expect(grouped(answers)).toEqual(CASES.map(([, words]) => words));
  });
});

function grouped(lines: readonly string[]): string[][] {
  const groups: string[][] = [[]];
  for (const line of lines) {
    if (line === '==') groups.push([]);
    else groups.at(-1)?.push(line.replaceAll('\\ ', ' '));
  }
  return groups.slice(0, -1);
}
