import type { Command } from 'commander';
import { annotate } from '../help/notes.js';
import type { Runner } from '../program.js';

/** The verbs that hand an entry to another person. */
export function registerSharingVerbs(cluster: Command, run: Runner): void {
  annotate(
    cluster
      .command('export')
      .description('encrypt an entry with its secret for a team mate (age)')
      .argument('<name>', 'cluster in the registry')
      .option('--recipient <recipient...>', 'public age key (age1…) or ssh key of the team mate')
      .option('--passphrase-stdin', 'encrypt with a passphrase from stdin instead')
      .option('--output <file>', 'write to a new file (0600) instead of stdout')
      .action(run(async () => (await import('./export.js')).exportAccess)),
    { examples: ['clusterkit cluster export team --recipient age1… > team.age'] },
  );
  annotate(
    cluster
      .command('import')
      .description('add an entry that a team mate exported')
      .argument('[file]', 'exported file (default: stdin)')
      .option('--identity-file <file>', 'your private age or ssh key')
      .option('--passphrase-stdin', 'read the passphrase from stdin')
      .option('--name <name>', 'another name in your registry')
      .option('--force', 'replace an entry of this name')
      .option('--no-verify', 'do not ask the server')
      .option('--allow-open', 'accept a server that asks for no secret')
      .action(run(async () => (await import('./import.js')).importAccess)),
    { examples: ['clusterkit cluster import team.age --identity-file ~/key.txt'] },
  );
}
