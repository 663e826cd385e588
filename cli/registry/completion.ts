import type { Command } from 'commander';
import { EXIT } from '../../lib/errors.js';
import { readTemplate } from '../../lib/template-file.js';
import { commandTree } from '../completion/command-tree.js';
import { renderScript, type Shell } from '../completion/render-script.js';
import type { Context, SharedOptions } from '../context.js';

/** `clusterkit completion SHELL`: prints a script to source, made from the commands of `program`. */
export const completion =
  (program: Command) =>
  async ({ report }: Context, _: SharedOptions, shell: Shell): Promise<number> => {
    const template = await readTemplate(`completion/clusterkit.${shell}`);
    const script = renderScript(shell, template, commandTree(program));
    report.json({ shell, script });
    report.say(script.trimEnd());
    return EXIT.done;
  };
