import type { Register } from '../program.js';

/** The verbs that are about a DigitalOcean account. */
export const registerDropletVerbs: Register = (program, run) => {
  program
    .command('sweep')
    .description('what a DigitalOcean account has for no known cluster (exit code 4 when anything)')
    .argument('[what...]', 'clusters, names or ids that it lists (default: all)')
    .option('--remove', 'remove what is named')
    .option('--all', 'with --remove: all but data that was kept and what may be others’')
    .action(run(async () => (await import('./sweep.js')).sweep));
};
