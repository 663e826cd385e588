import type { Register } from '../program.js';
import { runWithRest } from './after-dashes.js';

/** The verbs that work with services: they know clusters by the registry alone. */
export const registerServiceVerbs: Register = (program, run) => {
  program
    .command('deploy')
    .description('deploy a service with its own Prisma CLI, to a cluster of the registry')
    .argument('[dir]', 'directory of the service (default: here)')
    .argument('[arguments...]', 'behind --: arguments for the Prisma CLI')
    .option('--cluster <name>', 'cluster to deploy to, for this run only when prisma.yml names one')
    .option('-p, --project <file>', 'the prisma.yml, when it is not in the directory')
    .option('-e, --env-file <file>', 'variables for prisma.yml (default: .env)')
    .option('--service <name>', 'service, when prisma.yml leaves it to its endpoint variable')
    .option('--stage <name>', 'stage, when prisma.yml leaves it to its endpoint variable')
    .action(runWithRest(run, async () => (await import('./deploy.js')).deploy));
};
