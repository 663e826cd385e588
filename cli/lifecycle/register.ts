import { Argument } from 'commander';
import type { Register } from '../program.js';

/** For help and completion: loading the targets for it would slow every command. */
export const LOG_NAMES = ['server', 'database', 'gateway', 'proxy', 'cloud-init'];

/** The verbs that bring clusters up, look at them and take them down. */
export const registerLifecycleVerbs: Register = (program, run) => {
  program
    .command('up')
    .description('bring clusters up: running, proven and registered')
    .argument('<name...>', 'clusters of clusters.yml')
    .option('--source <cidr>', SOURCE, collect)
    .option('--allow-replace', 'let a droplet or volume be replaced, with the data on it')
    .option('--adopt-database', ADOPT)
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
    .option('--adopt-database', ADOPT)
    .action(run(async () => (await import('./plan.js')).plan));
  program
    .command('status')
    .description('how clusters are (exit code 4 when not well)')
    .argument('[name...]', 'clusters of clusters.yml (default: all)')
    .addHelpText('after', STATUS_HELP)
    .action(run(async () => (await import('./status.js')).status));
  program
    .command('logs')
    .description('what a part of a cluster wrote, or the first boot of its droplet')
    .argument('<name>', 'cluster of clusters.yml')
    .addArgument(
      // A wrong one is told by the verb, which knows which of them the cluster has.
      new Argument('[what]', 'which log').choices(LOG_NAMES).default('server').argParser(String),
    )
    .option('-f, --follow', 'go on with what comes, until Ctrl-C or the container has stopped')
    .option('--since <when>', 'only what is younger: 10m, 2h, 2026-02-01T15:04:05Z')
    .option('--tail <lines>', 'only so many of the last lines', 'all')
    .addHelpText('after', LOGS_HELP)
    .action(run(async () => (await import('./logs.js')).logs));
};

const ADOPT = "go on with a Prisma server's data in a database of one's own";
const SOURCE = 'from where you reach a droplet; may be repeated (default: as the API sees you)';

const collect = (word: string, words: string[] = []): string[] => [...words, word];

const STATUS_HELP = `
Containers are told by their engine, on a droplet over ssh: running, exited, …; absent: there is none;
unreachable: nobody could be asked, and a line below says why. Development clusters also tell what
services use of their limits; a service that is full makes no cluster unhealthy. Asked for one cluster only, what is in
the way on this machine (its engine, a damaged file) is an error with its own exit code.`;

const LOGS_HELP = `
Both streams of a container go to stdout. Secrets of the cluster are left out. Not every cluster has
all of them: gateway is before servers that need one, proxy where there is https; database is the
relay where the database is elsewhere; cloud-init is for clusters on droplets: what cloud-init wrote,
and then the kit's own steps.
With --json: one JSON value a line: {"source", "stream", "time", "text"}.
Exit code 3 when the engine or the droplet cannot be reached, or is lost while it is followed.`;
