import { type Command, Option } from 'commander';
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
  handoverOptions(
    program
      .command('exec')
      .description('run a program with endpoint and token of a cluster in its environment')
      .argument('<name>', 'cluster of the registry')
      .argument('[command...]', 'behind --: the program and its arguments')
      .usage('[options] <name> -- <command...>')
      .addHelpText('after', EXEC_HELP),
  ).action(runWithRest(run, async () => (await import('./exec.js')).exec));
  handoverOptions(
    program
      .command('env')
      .description('endpoint and token of a cluster, as variables for other tools')
      .argument('<name>', 'cluster of the registry')
      .addOption(
        new Option('--format <form>', 'how they are written')
          .choices(['sh', 'dotenv', 'json', 'github'])
          .default('sh'),
      )
      .addHelpText('after', ENV_HELP),
  ).action(run(async () => (await import('./env.js')).env));
  program
    .command('init')
    .description('make the folder of a service, ready to deploy')
    .argument('<name>', 'name of the service')
    .argument('<dir>', 'directory to make, or an empty one')
    .option('--cluster <name>', 'cluster that it is deployed to')
    .option('--cli <version>', 'CLI that it is deployed with: 1.6.3, prisma1@1.34.12')
    .action(run(async () => (await import('./init.js')).init));
};

const handoverOptions = (command: Command): Command =>
  command
    .option('--service <name>', 'only for this service (default: all)')
    .option('--stage <name>', 'only for this stage (default: all)')
    .option('--action <name>', 'only for this action, where a gateway looks at it (default: all)')
    .option('--ttl <duration>', 'how long the token is valid: 90s, 15m, 12h, 7d', '15m')
    .option(
      '--management-secret',
      'also PRISMA_MANAGEMENT_API_SECRET, for tools that sign themselves',
    );

const EXEC_HELP = `
Variables: those of clusterkit env.`;

const ENV_HELP = `
Variables: PRISMA_CLUSTER (name), PRISMA_ENDPOINT (base address), PRISMA_CLUSTER_TOKEN; for a server with
a certificate that not everybody knows also NODE_EXTRA_CA_CERTS, a file on this machine. Where that is
set already, the file has yours too, as they are now; after a change of yours, call this again.
  sh      eval "$(clusterkit env NAME)"
  dotenv  clusterkit env NAME --format dotenv > .env.local
  json    clusterkit env NAME --format json | jq -r .PRISMA_ENDPOINT
  github  clusterkit env NAME --format github >> "$GITHUB_ENV"
          (in a step of GitHub Actions; the commands that mask the token in the log go to stderr)`;
