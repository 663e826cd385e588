import { Argument, type Command } from 'commander';
import type { Runner } from '../program.js';

/** The verbs that diagnose and mend the registry, share its entries, and complete command lines. */
export function registerDoctorVerbs(program: Command, cluster: Command, run: Runner): void {
  program
    .command('doctor')
    .description('what is wrong with the registry and its servers (exit code 4 when anything)')
    .option('--fix', 'mend what is safe, and show the difference')
    .option('--offline', 'ask no server')
    .action(run(async () => (await import('./doctor.js')).doctor));
  cluster
    .command('restore')
    .description('bring back a backup of the registry')
    .argument('[backup]', 'as --list names it (default: the newest)')
    .option('--list', 'show the backups, change nothing')
    .option('--force', 'also a backup that cannot be parsed')
    .action(run(async () => (await import('./restore.js')).restore));
  cluster
    .command('export')
    .description("one cluster's access, encrypted for a team mate (age)")
    .argument('<name>')
    .option('--recipient <recipient...>', 'public age key of the team mate: age1…')
    .option('--passphrase-stdin', 'encrypt with a passphrase from stdin instead')
    .option('--output <file>', 'write to a new file (0600) instead of stdout')
    .action(run(async () => (await import('./export.js')).exportAccess));
  cluster
    .command('import')
    .description('add a cluster that a team mate exported')
    .argument('[file]', 'the exported file (default: stdin)')
    .option('--identity-file <file>', 'your private age key, as age-keygen wrote it')
    .option('--passphrase-stdin', 'read the passphrase from stdin')
    .option('--name <name>', 'another name in your registry')
    .option('--force', 'replace an entry of this name')
    .option('--no-verify', 'do not ask the server')
    .option('--allow-open', 'accept a server without key')
    .action(run(async () => (await import('./import.js')).importAccess));
  program
    .command('completion')
    .description('completion for your shell, to be sourced')
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh', 'fish']))
    .action(run(async () => (await import('./completion.js')).completion(program)));
  program
    .command('__complete-names', { hidden: true })
    .addArgument(new Argument('<kind>').choices(['registry', 'settings', 'backups']))
    .action(run(async () => (await import('./complete-names.js')).completeNames));
}
