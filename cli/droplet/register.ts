import type { Register } from '../program.js';
import { runWithRest } from '../service/after-dashes.js';

/** The verbs that are about a DigitalOcean account, and droplets on it. */
export const registerDropletVerbs: Register = (program, run) => {
  program
    .command('ssh')
    .description('a shell, or a command, on the droplet of a cluster')
    .argument('<name>', 'cluster of clusters.yml')
    .argument('[command...]', 'behind --: a program of the droplet and its arguments')
    .option('-t, --tty', 'a terminal for the command too')
    .usage('[options] <name> [-- <command...>]')
    .addHelpText('after', SSH_HELP)
    .action(runWithRest(run, async () => (await import('./ssh.js')).ssh));
  program
    .command('sweep')
    .description('what a DigitalOcean account has for no known cluster (exit code 4 when anything)')
    .argument('[what...]', 'clusters, names or ids that it lists (default: all)')
    .option('--remove', 'remove what is named')
    .option('--all', 'with --remove: all but data that was kept and what may be others’')
    .action(run(async () => (await import('./sweep.js')).sweep));
};

const SSH_HELP = `
Logs in as root with the cluster's own key, and only where the droplet shows the host key that the
kit knows. Your ssh configuration, agent and known hosts are neither read nor changed.
Without a command: a shell; without a terminal, one that reads the standard input.
  clusterkit ssh NAME -- df -h
  clusterkit ssh NAME -- sh -c 'ls /var/log | wc -l'
  clusterkit ssh NAME --tty -- top
  pg_dump … | gzip | clusterkit ssh NAME -- sh -c 'cat >dump.gz'
The exit code is the command's; 128 + number when a signal ended it; 3 when the droplet cannot be
reached or the connection is lost.`;
