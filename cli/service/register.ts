import { type Command, Option } from 'commander';
import { annotate } from '../help/notes.js';
import type { Register } from '../program.js';
import { runWithRest } from './after-dashes.js';

/** The verbs for services and tools. They know clusters from the registry alone. */
export const registerServiceVerbs: Register = (program, run) => {
  program.commandsGroup('Services and tools:');
  annotate(
    program
      .command('deploy')
      .description('deploy a service with its own Prisma CLI to a cluster of the registry')
      .argument('[dir]', 'directory of the service (default: the current one)')
      .argument('[arguments...]', 'after --: arguments for the Prisma CLI')
      .usage('[options] [dir] [-- <arguments...>]')
      .option('--cluster <name>', 'cluster to deploy to; prisma.yml keeps its own')
      .option('-p, --project <file>', 'the prisma.yml, when it is not in the directory')
      .option('-e, --env-file <file>', 'variables for prisma.yml (default: .env)')
      .option('--service <name>', 'service, when prisma.yml does not name it')
      .option('--stage <name>', 'stage, when prisma.yml does not name it')
      .option('--timeout <duration>', 'how long a migration may stand still: 90s, 15m, 2h', '10m')
      .action(runWithRest(run, async () => (await import('./deploy.js')).deploy)),
    {
      text: [
        'Checks server and CLI first, gives the CLI what it needs, and asks the server afterwards whether it has the new datamodel.',
        'A migration that stands still for half a minute is reported with what to look at; after --timeout the deployment ends.',
        'When neither prisma.yml nor --cluster names a cluster, it asks on a terminal and writes the answer into prisma.yml.',
      ],
      exits: {
        3: 'the CLI ended with 0, but the server does not have the new datamodel; or the migration stands still',
        other: 'the exit code of the CLI',
      },
      examples: [
        'clusterkit deploy',
        'clusterkit deploy ./blog --cluster staging',
        'clusterkit deploy ./blog -- --force',
      ],
    },
  );
  annotate(
    program
      .command('init')
      .description('create the directory of a service, ready to deploy')
      .argument('<name>', 'name of the service')
      .argument('<dir>', 'directory to create, or an empty one')
      .option(
        '--cluster <name>',
        'cluster to deploy the service to (default: the only one of the registry)',
      )
      .option('--cli <version>', 'CLI to deploy the service with: 1.6.3, prisma1@1.34.12')
      .action(run(async () => (await import('./init.js')).init)),
    {
      text: [
        'Of several clusters, it asks for one on a terminal. It chooses a Prisma CLI that deploys to the cluster: the installed one if it does, else one that package.json then names.',
      ],
      examples: ['clusterkit init blog ./blog', 'clusterkit init blog ./blog --cluster local'],
    },
  );
  annotate(
    program
      .command('token')
      .description('print a token for the API of a service')
      .argument('[dir]', 'directory of the service (default: the current one)')
      .option('-p, --project <file>', 'the prisma.yml, when it is not in the directory')
      .option('-e, --env-file <file>', 'variables for prisma.yml (default: .env)')
      .option('--ttl <duration>', 'how long the token is valid: 90s, 15m, 12h, 7d', '1h')
      .action(run(async () => (await import('./token.js')).token)),
    {
      text: [
        'It is signed with the first secret of prisma.yml. stdout has the token and nothing else, while some versions of prisma token print warnings there. For a token of the cluster, see clusterkit cluster token.',
      ],
      examples: ['clusterkit token ./blog', 'TOKEN=$(clusterkit token ./blog --ttl 15m)'],
    },
  );
  annotate(
    grantOptions(
      program
        .command('exec')
        .description('run a program with endpoint and token of a cluster in its environment')
        .argument('<name>', 'cluster in the registry')
        .argument('[command...]', 'after --: the program and its arguments')
        .usage('[options] <name> -- <command...>'),
    ).action(runWithRest(run, async () => (await import('./exec.js')).exec)),
    {
      text: ['The variables are those of clusterkit env. No shell is in between.'],
      exits: {
        126: 'the program cannot be run',
        127: 'there is no such program',
        '128 + n': 'signal n ended the program',
        other: 'the exit code of the program',
      },
      examples: ['clusterkit exec local -- prisma deploy', 'clusterkit exec local -- env'],
    },
  );
  annotate(
    grantOptions(
      program
        .command('env')
        .description('print endpoint and token of a cluster as variables for other tools')
        .argument('<name>', 'cluster in the registry')
        .addOption(
          new Option('--format <form>', 'output format')
            .choices(['sh', 'dotenv', 'json', 'github'])
            .default('sh'),
        ),
    ).action(run(async () => (await import('./env.js')).env)),
    {
      text: [
        'The variables are PRISMA_CLUSTER (name), PRISMA_ENDPOINT (base address) and PRISMA_CLUSTER_TOKEN.',
        'NODE_EXTRA_CA_CERTS is a file on this machine. It is there when the certificate of the server is not from a well-known authority. When the variable is set already, the file also has your own certificates, as they are now; call this again after you change them.',
        'The form github is for a step of GitHub Actions. The lines that mask the token in its log go to stderr.',
      ],
      examples: [
        'eval "$(clusterkit env NAME)"',
        'clusterkit env NAME --format dotenv > .env.local',
        'clusterkit env NAME --format json | jq -r .PRISMA_ENDPOINT',
        'clusterkit env NAME --format github >> "$GITHUB_ENV"',
      ],
    },
  );
};

const grantOptions = (command: Command): Command =>
  command
    .option('--service <name>', 'limit the token to this service (default: all)')
    .option('--stage <name>', 'limit the token to this stage (default: all)')
    .option('--action <name>', 'limit the token to this action; gateways check it (default: all)')
    .option('--ttl <duration>', 'how long the token is valid: 90s, 15m, 12h, 7d', '15m')
    .option(
      '--management-secret',
      'also PRISMA_MANAGEMENT_API_SECRET, for tools that sign tokens themselves',
    );
