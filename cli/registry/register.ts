import { Option } from 'commander';
import { annotate } from '../help/notes.js';
import type { Register } from '../program.js';
import { registerDoctorVerbs } from './register-doctor.js';
import { registerEntryVerbs } from './register-entries.js';
import { registerSharingVerbs } from './register-sharing.js';

/** The verbs for the registry of clusters, `~/.prisma/config.yml`. */
export const registerClusterVerbs: Register = (program, run) => {
  program.commandsGroup('Registry:');
  const cluster = program
    .command('cluster')
    .description('list, add, change and share entries of the registry');
  const offline = new Option('--offline', 'ask no server');
  const listed = async () => (await import('./list.js')).list;
  const examples = ['clusterkit list', 'clusterkit list --offline'];

  annotate(
    program
      .command('list')
      .description('the same as cluster list')
      .addOption(offline)
      .action(run(listed)),
    { examples },
  );
  annotate(
    cluster
      .command('list')
      .description('list all entries, and whether their servers answer')
      .addOption(offline)
      .action(run(listed)),
    {
      text: [
        'Shows for each entry whether its server is online, its version, whether it accepts the key, its latency, and whether clusterkit wrote the entry (ours) or not (foreign). All servers together have 3 seconds.',
      ],
      examples,
    },
  );
  registerEntryVerbs(cluster, run);
  registerSharingVerbs(cluster, run);
  registerDoctorVerbs(program, cluster, run);
};
