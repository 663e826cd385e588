import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { EXIT } from '../../lib/errors.js';
import { commandTree } from '../completion/command-tree.js';
import { renderScript, type Shell } from '../completion/render-script.js';
import type { Context, SharedOptions } from '../context.js';

/** `clusterkit completion SHELL`: a script to source, made from the commands of `program`. */
export const completion =
  (program: Command) =>
  async ({ report }: Context, _: SharedOptions, shell: Shell): Promise<number> => {
    const template = await readFile(templateOf(shell), 'utf8');
    const script = renderScript(shell, template, commandTree(program));
    report.json({ shell, script });
    report.say(script.trimEnd());
    return EXIT.done;
  };

/** From the compiled tree, which is one level deeper than the sources. */
function templateOf(shell: Shell): URL {
  const name = `templates/completion/clusterkit.${shell}`;
  const compiled = new URL(`../../../${name}`, import.meta.url);
  return existsSync(compiled) ? compiled : new URL(`../../${name}`, import.meta.url);
}
