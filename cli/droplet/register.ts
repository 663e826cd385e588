import { annotate } from '../help/notes.js';
import type { Register } from '../program.js';
import { runWithRest } from '../service/after-dashes.js';

/** The verbs for a DigitalOcean account and the droplets on it. */
export const registerDropletVerbs: Register = (program, run) => {
  program.commandsGroup('Droplets:');
  annotate(
    program
      .command('ssh')
      .description('open a shell, or run a command, on the droplet of a cluster')
      .argument('<name>', 'cluster in clusters.yml')
      .argument('[command...]', 'after --: a program on the droplet and its arguments')
      .option('-t, --tty', 'give the command a terminal')
      .usage('[options] <name> [-- <command...>]')
      .action(runWithRest(run, async () => (await import('./ssh.js')).ssh)),
    {
      text: [
        "Logs in as root with the cluster's own key, and only when the droplet shows the host key that clusterkit knows. It neither reads nor changes your ssh configuration, agent and known hosts.",
        'Without a command it opens a shell. Without a terminal, that shell reads its standard input.',
      ],
      exits: {
        3: 'the droplet does not answer, or the connection breaks',
        '128 + n': 'signal n ended the command',
        other: 'the exit code of the command',
      },
      examples: [
        'clusterkit ssh NAME -- df -h',
        "clusterkit ssh NAME -- sh -c 'ls /var/log | wc -l'",
        'clusterkit ssh NAME --tty -- top',
        "pg_dump … | gzip | clusterkit ssh NAME -- sh -c 'cat >dump.gz'",
      ],
    },
  );
  annotate(
    program
      .command('sweep')
      .description('list, or remove, what no known cluster needs on the DigitalOcean account')
      .argument('[what...]', 'clusters, names or ids from the list (default: all)')
      .option('--remove', 'remove the named objects')
      .option('--all', 'with --remove: remove what interrupted runs left, and unused tags')
      .action(run(async () => (await import('./sweep.js')).sweep)),
    {
      exits: { 4: 'something is left' },
      examples: ['clusterkit sweep', 'clusterkit sweep clusterkit-old-data --remove'],
    },
  );
};
