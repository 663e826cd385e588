import { annotate } from '../help/notes.js';
import type { Register } from '../program.js';
import { runWithRest } from '../service/after-dashes.js';

/** The verbs for the applications beside a server. */
export const registerAppVerbs: Register = (program, run) => {
  program.commandsGroup('Applications:');
  const app = program
    .command('app')
    .description('deploy applications beside a server, and look after them');

  annotate(
    app
      .command('deploy')
      .description('deploy applications of a cluster')
      .argument('<name>', CLUSTER)
      .argument('[app...]', 'applications (default: all)')
      .option('--force', 'also those that have not changed')
      .action(run(async () => (await import('./deploy.js')).deploy)),
    {
      text: [
        'Builds or pulls the image, runs the release command, starts the new containers beside the old ones and waits until they are healthy. Then requests go to the new ones, and the old ones end once their requests have. When anything fails, the old ones go on.',
        'An application that has not changed stays as it is. `clusterkit up` does the same for all applications; after a rollback only this command deploys again what was left.',
        'The values of its secrets come from the environment and the files that clusters.yml names.',
      ],
      exits: { 3: 'an image, a release command or a new container fails; the old ones go on' },
      examples: ['clusterkit app deploy local', 'clusterkit app deploy staging web --force'],
    },
  );
  annotate(
    app
      .command('list')
      .description('list the applications of a cluster')
      .argument('<name>', CLUSTER)
      .action(run(async () => (await import('./list.js')).list)),
    {
      text: [
        'Functions: warm, frozen (paused, with its memory) or stopped; a request wakes them. An earlier release with its image is there for a rollback.',
      ],
      examples: ['clusterkit app list local', 'clusterkit app list local --json'],
    },
  );
  annotate(
    app
      .command('logs')
      .description('show the logs of an application')
      .argument('<name>', CLUSTER)
      .argument('<app>', 'application')
      .option('-f, --follow', 'continue until Ctrl-C, or until the release is replaced')
      .option('--since <when>', 'only newer lines: 10m, 2h, 2026-02-01T15:04:05Z')
      .option('--tail <lines>', 'only this many lines from the end', 'all')
      .option('--release <id>', 'of this release, such as r3 (default: the current one)')
      .action(run(async () => (await import('./logs.js')).logs)),
    {
      text: [
        "Of several instances, a line names whose lines follow. The application's secrets are left out where their values are known here.",
        'With --json each line is one JSON value: {"source", "stream", "time", "text"}.',
      ],
      examples: ['clusterkit app logs local web', 'clusterkit app logs local web -f --tail 20'],
    },
  );
  annotate(
    app
      .command('rollback')
      .description('let an earlier release of an application serve again')
      .argument('<name>', CLUSTER)
      .argument('<app>', 'application')
      .option('--to <release>', 'release, such as r3 (default: the one before)')
      .action(run(async () => (await import('./rollback.js')).rollback)),
    {
      text: [
        'The last five releases stay: their image, variables and secrets are as they were. Nothing is built, and no release command runs. `up` leaves it so until the application changes. After an interruption the same command completes it.',
      ],
      examples: ['clusterkit app rollback local web', 'clusterkit app rollback local web --to r2'],
    },
  );
  annotate(
    app
      .command('restart')
      .description('replace the containers of applications by new ones of the same release')
      .argument('<name>', CLUSTER)
      .argument('[app...]', 'applications (default: all)')
      .action(run(async () => (await import('./restart.js')).restart)),
    {
      text: [
        'The new ones start beside the old ones, so that no request is lost. They are a release that takes the place of the one before: a rollback goes back further.',
      ],
      examples: ['clusterkit app restart local', 'clusterkit app restart local web'],
    },
  );
  annotate(
    app
      .command('exec')
      .description('run a command in a container of an application')
      .argument('<name>', CLUSTER)
      .argument('<app>', 'application')
      .argument('[command...]', 'after --: the program and its arguments')
      .usage('[options] <name> <app> -- <command...>')
      .action(runWithRest(run, async () => (await import('./exec.js')).exec)),
    {
      text: [
        'In the first instance; of a function in a container of its own. Terminal, streams and exit code are those of the command.',
      ],
      exits: { other: 'the exit code of the command' },
      examples: [
        'clusterkit app exec local web -- sh',
        'clusterkit app exec local web -- npx prisma deploy',
      ],
    },
  );
  annotate(
    app
      .command('remove')
      .description('remove an application with its releases')
      .argument('<name>', CLUSTER)
      .argument('<app...>', 'applications')
      .action(run(async () => (await import('./remove.js')).remove)),
    {
      text: [
        'Asks first. While clusters.yml names the application, the next `up` deploys it again; `up` also removes applications that the file no longer names. One that is gone already is no error.',
      ],
      examples: ['clusterkit app remove local web --yes'],
    },
  );
};

const CLUSTER = 'cluster in clusters.yml';
