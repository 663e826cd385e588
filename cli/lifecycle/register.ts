import type { Register } from '../program.js';

/** The verbs that bring clusters up, look at them and take them down. */
export const registerLifecycleVerbs: Register = (program, run) => {
  program
    .command('up')
    .description('bring clusters up: running, proven and registered')
    .argument('<name...>', 'clusters of clusters.yml')
    .option('--source <cidr>', SOURCE, collect)
    .option('--allow-replace', 'let a droplet or volume be replaced, with the data on it')
    .action(run(async () => (await import('./up.js')).up));
  program
    .command('down')
    .description('take clusters down: unregistered and removed')
    .argument('<name...>', 'clusters of clusters.yml')
    .option('--keep-data', 'keep data volume and key pair')
    .option('--keep-volume', 'the same, as a droplet has it: keep the volume on the account')
    .action(run(async () => (await import('./down.js')).down));
  program
    .command('plan')
    .description('what up would change (exit code 4 when anything)')
    .argument('<name...>', 'clusters of clusters.yml')
    .option('--source <cidr>', SOURCE, collect)
    .action(run(async () => (await import('./plan.js')).plan));
  program
    .command('status')
    .description('how clusters are (exit code 4 when not well)')
    .argument('[name...]', 'clusters of clusters.yml (default: all)')
    .action(run(async () => (await import('./status.js')).status));
};

const SOURCE = 'from where you reach a droplet; may be repeated (default: as the API sees you)';

const collect = (word: string, words: string[] = []): string[] => [...words, word];
