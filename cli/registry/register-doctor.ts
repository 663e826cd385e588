import { Argument, type Command } from 'commander';
import { annotate } from '../help/notes.js';
import type { Runner } from '../program.js';

/** The verbs that find and repair problems of the registry, and the script for completion. */
export function registerDoctorVerbs(program: Command, cluster: Command, run: Runner): void {
  annotate(
    cluster
      .command('restore')
      .description('restore a backup of the registry')
      .argument('[backup]', 'backup from the list (default: the newest)')
      .option('--list', 'list the backups, and change nothing')
      .option('--force', 'restore a backup that cannot be parsed, too')
      .action(run(async () => (await import('./restore.js')).restore)),
    { examples: ['clusterkit cluster restore --list', 'clusterkit cluster restore'] },
  );
  annotate(
    program
      .command('doctor')
      .description('find problems of the registry and its servers')
      .option('--fix', 'repair what is safe to repair, and show the difference')
      .option('--offline', 'ask no server')
      .action(run(async () => (await import('./doctor.js')).doctor)),
    {
      text: ['Each problem comes with the command that solves it.'],
      exits: { 4: 'there are errors or warnings' },
      examples: ['clusterkit doctor', 'clusterkit doctor --fix'],
    },
  );
  annotate(
    program
      .command('logout')
      .description('remove the session of the former Prisma Cloud, and nothing else')
      .action(run(async () => (await import('./logout.js')).logout)),
    { examples: ['clusterkit logout'] },
  );
  annotate(
    program
      .command('login')
      .description('explain why there is no login any more')
      .action(run(async () => (await import('./logout.js')).login)),
    { exits: { 2: 'always' }, examples: ['clusterkit login'] },
  );
  annotate(
    program
      .command('completion')
      .description('print the completion script of a shell')
      .addArgument(new Argument('<shell>', 'your shell').choices(['bash', 'zsh', 'fish']))
      .action(run(async () => (await import('./completion.js')).completion(program))),
    { examples: ['source <(clusterkit completion bash)'] },
  );
  program
    .command('__complete-names', { hidden: true })
    .addArgument(new Argument('<kind>').choices(['registry', 'settings', 'apps', 'backups']))
    .argument('[cluster]', 'whose applications')
    .action(run(async () => (await import('./complete-names.js')).completeNames));
}
