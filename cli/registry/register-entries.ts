import type { Command } from 'commander';
import { annotate } from '../help/notes.js';
import type { Runner } from '../program.js';

/** The verbs for one entry: add, remove, rename, show, and the tokens that its key signs. */
export function registerEntryVerbs(cluster: Command, run: Runner): void {
  annotate(
    cluster
      .command('add')
      .description('add an entry, after its server has accepted the secret')
      .argument('<name>', 'name in the registry and in prisma.yml')
      .option('--host <url>', 'address of the server, such as http://name:4466')
      .option('--key-file <file>', 'RSA private key (PEM)')
      .option('--key-stdin', 'read the private key from stdin')
      .option('--secret-file <file>', 'shared secret (HS256), for servers with managementApiSecret')
      .option('--secret-stdin', 'read the shared secret from stdin')
      .option('--certificate <file>', 'certificate of an https server, or of its authority (PEM)')
      .option('--generate', 'make a new key pair and print its public half')
      .option('--force', 'replace an entry of this name')
      .option('--no-verify', 'do not ask the server')
      .option('--allow-open', 'accept a server that asks for no secret')
      .action(run(async () => (await import('./add.js')).add)),
    {
      text: [
        'Writes nothing when the secret has the wrong form, or when the server refuses it. Asks for what is missing when there is a terminal.',
      ],
      examples: [
        'clusterkit cluster add team --host http://name:4466 --key-file team.pem',
        'clusterkit cluster add new --host http://name:4466 --generate',
      ],
    },
  );
  annotate(
    cluster
      .command('remove')
      .description('remove entries')
      .argument('<name...>', ENTRIES)
      .action(run(async () => (await import('./remove.js')).remove)),
    { examples: ['clusterkit cluster remove team'] },
  );
  annotate(
    cluster
      .command('rename')
      .description('rename an entry')
      .argument('<from>', 'present name')
      .argument('<to>', 'new name')
      .action(run(async () => (await import('./rename.js')).rename)),
    { examples: ['clusterkit cluster rename team eu'] },
  );
  annotate(
    cluster
      .command('show')
      .description('show an entry without its secret')
      .argument('<name>', ENTRY)
      .action(run(async () => (await import('./show.js')).show)),
    { examples: ['clusterkit cluster show team'] },
  );
  annotate(
    cluster
      .command('public-key')
      .description('print the public key that the server needs (PEM)')
      .argument('<name>', ENTRY)
      .action(run(async () => (await import('./public-key.js')).publicKey)),
    { examples: ['clusterkit cluster public-key team > public.pem'] },
  );
  annotate(
    cluster
      .command('token')
      .description('print a cluster token')
      .argument('<name>', ENTRY)
      .option('--service <name>', "service that the token is for; '*' for all")
      .option('--stage <name>', "stage that the token is for; '*' for all")
      .option(
        '--action <name>',
        "action that the token allows; '*' for all; gateways check it, servers do not",
        'deploy',
      )
      .option('--ttl <duration>', 'how long the token is valid: 90s, 15m, 12h, 7d', '15m')
      .action(run(async () => (await import('./token.js')).token)),
    { examples: ['clusterkit cluster token team --service blog --stage dev --ttl 5m'] },
  );
  annotate(
    cluster
      .command('verify-token')
      .description('check whether the server would accept a token')
      .argument('<name>', ENTRY)
      .action(run(async () => (await import('./verify-token.js')).verifyToken)),
    {
      text: ['Reads the token from stdin.'],
      exits: { 4: 'the token is not valid' },
      examples: ['clusterkit cluster verify-token team < token.txt'],
    },
  );
}

const ENTRY = 'cluster in the registry';
const ENTRIES = 'clusters in the registry';
