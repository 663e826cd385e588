import { Option } from 'commander';
import type { Register } from '../program.js';
import { registerDoctorVerbs } from './register-doctor.js';

/** The verbs that keep the cluster registry. */
export const registerClusterVerbs: Register = (program, run) => {
  const cluster = program.command('cluster').description('keep the cluster registry');
  const offline = new Option('--offline', 'ask no server');
  const listed = async () => (await import('./list.js')).list;

  program
    .command('list')
    .description('cluster list, for short')
    .addOption(offline)
    .action(run(listed));
  cluster
    .command('list')
    .description('every cluster of the registry, and how its server is')
    .addOption(offline)
    .action(run(listed));
  cluster
    .command('add')
    .description('put a cluster into the registry, when its server takes the secret')
    .argument('<name>', 'name in the registry and in prisma.yml')
    .option('--host <url>', 'address of the server, such as http://name:4466')
    .option('--key-file <file>', 'RSA private key (PEM)')
    .option('--key-stdin', 'read the private key from stdin')
    .option('--secret-file <file>', 'shared secret (HS256), for servers with managementApiSecret')
    .option('--secret-stdin', 'read the shared secret from stdin')
    .option('--certificate <file>', 'certificate that an https server is trusted by (PEM)')
    .option('--generate', 'make a new key pair and print its public half')
    .option('--force', 'replace an entry of this name')
    .option('--no-verify', 'do not ask the server')
    .option('--allow-open', 'accept a server, or an entry, without secret')
    .action(run(async () => (await import('./add.js')).add));
  cluster
    .command('remove')
    .description('take clusters out of the registry')
    .argument('<name...>')
    .action(run(async () => (await import('./remove.js')).remove));
  cluster
    .command('rename')
    .description('give a cluster another name')
    .argument('<from>')
    .argument('<to>')
    .action(run(async () => (await import('./rename.js')).rename));
  cluster
    .command('show')
    .description('all about an entry but its secret')
    .argument('<name>')
    .action(run(async () => (await import('./show.js')).show));
  cluster
    .command('public-key')
    .description('the public key that belongs on the server (PEM)')
    .argument('<name>')
    .action(run(async () => (await import('./public-key.js')).publicKey));
  cluster
    .command('token')
    .description('mint a cluster token, alone on stdout')
    .argument('<name>')
    .option('--service <name>', "service that it is for; '*' for all")
    .option('--stage <name>', "stage that it is for; '*' for all")
    .option(
      '--action <name>',
      "what it allows; '*' for all (gateways look at it, servers do not)",
      'deploy',
    )
    .option('--ttl <duration>', 'how long it is valid: 90s, 15m, 12h, 7d', '15m')
    .action(run(async () => (await import('./token.js')).token));
  cluster
    .command('verify-token')
    .description('would the server take this token? (from stdin; exit code 4 when not)')
    .argument('<name>')
    .action(run(async () => (await import('./verify-token.js')).verifyToken));
  program
    .command('logout')
    .description('remove the session of the hosted cloud, and nothing else')
    .action(run(async () => (await import('./logout.js')).logout));
  program
    .command('login')
    .description('there is nothing to log in to any more')
    .action(run(async () => (await import('./logout.js')).login));
  registerDoctorVerbs(program, cluster, run);
};
