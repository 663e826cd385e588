import { Argument } from 'commander';
import { annotate } from '../help/notes.js';
import type { Register } from '../program.js';

/** The logs of all targets, for help and completion: loading the targets would slow every command. */
export const LOG_NAMES = ['server', 'database', 'gateway', 'proxy', 'cloud-init'];

/** The verbs that create, inspect and remove clusters. */
export const registerLifecycleVerbs: Register = (program, run) => {
  program.commandsGroup('Clusters:');
  annotate(
    program
      .command('up')
      .description('create clusters, verify them and register them')
      .argument('<name...>', CLUSTERS)
      .option('--source <cidr>', SOURCE, collect)
      .option('--allow-replace', 'allow a change that replaces a machine or volume and its data')
      .option('--adopt-database', ADOPT)
      .action(run(async () => (await import('./up.js')).up)),
    {
      text: [
        'Checks everything before it creates anything. When the cluster exists, it repairs and changes what differs from clusters.yml, or does nothing.',
      ],
      examples: [
        'clusterkit up local',
        'clusterkit up local dev',
        'clusterkit up staging --source 203.0.113.7',
      ],
    },
  );
  annotate(
    program
      .command('down')
      .description('unregister clusters and remove them')
      .argument('<name...>', CLUSTERS)
      .option('--keep-data', 'keep the data volume, or the managed database, and the keys')
      .option('--keep-volume', 'the same as --keep-data')
      .action(run(async () => (await import('./down.js')).down)),
    {
      text: ['Asks first, because the data goes too. Without a terminal it needs --yes.'],
      examples: ['clusterkit down local', 'clusterkit down staging --keep-data --yes'],
    },
  );
  annotate(
    program
      .command('plan')
      .description('show what up would change, and what it costs')
      .argument('<name...>', CLUSTERS)
      .option('--source <cidr>', SOURCE, collect)
      .option('--adopt-database', ADOPT)
      .action(run(async () => (await import('./plan.js')).plan)),
    {
      exits: { 4: 'up would change something' },
      examples: ['clusterkit plan local', 'clusterkit plan staging --json'],
    },
  );
  annotate(
    program
      .command('status')
      .description('show whether clusters are healthy')
      .argument('[name...]', `${CLUSTERS} (default: all)`)
      .action(run(async () => (await import('./status.js')).status)),
    {
      text: [
        'not made: nothing of the cluster exists yet. Without names that is no failure.',
        'Each container has the state that its engine reports, such as running or exited; on a machine elsewhere the engine is asked over ssh. absent: there is no such container. unreachable: the engine does not answer, and a line below gives the reason.',
        'A development cluster also shows how much its services use of their limits. A full service does not make the cluster unhealthy.',
        'With one name, a problem on this machine (its engine, a damaged file) is an error with its own exit code.',
      ],
      exits: { 4: 'a cluster is not healthy' },
      examples: ['clusterkit status', 'clusterkit status local --json'],
    },
  );
  annotate(
    program
      .command('logs')
      .description('show the log of a container, or of the first boot of a machine')
      .argument('<name>', CLUSTER)
      .addArgument(
        // The verb itself rejects unknown logs, because it knows which ones the cluster has.
        new Argument('[what]', 'which log').choices(LOG_NAMES).default('server').argParser(String),
      )
      .option('-f, --follow', 'continue until Ctrl-C, or until the container stops')
      .option('--since <when>', 'only newer lines: 10m, 2h, 2026-02-01T15:04:05Z')
      .option('--tail <lines>', 'only this many lines from the end', 'all')
      .action(run(async () => (await import('./logs.js')).logs)),
    {
      text: [
        "stdout and stderr of the container both go to stdout. The cluster's secrets are left out.",
        'Not every cluster has every log. gateway: clusters with a gateway. proxy: clusters with https. database: the database, or the relay to an external database. cloud-init: clusters on droplets; it shows cloud-init first and then the steps of clusterkit.',
        'With --json each line is one JSON value: {"source", "stream", "time", "text"}.',
      ],
      exits: { 3: 'the engine or its machine does not answer, or the connection breaks' },
      examples: [
        'clusterkit logs local',
        'clusterkit logs local database --since 10m',
        'clusterkit logs staging gateway --follow --tail 20',
      ],
    },
  );
};

const CLUSTER = 'cluster in clusters.yml';
const CLUSTERS = 'clusters in clusters.yml';
const ADOPT = 'use an external database that has data of another Prisma 1 server';
const SOURCE =
  'address or block that may reach the machine; may be repeated (default: the public address of this machine)';

const collect = (word: string, words: string[] = []): string[] => [...words, word];
