import { join } from 'node:path';
import { textTable } from '../cli/text-table.js';
import { openAccount } from './account.js';
import { type BareBoot, bootBareDroplet } from './bare-droplet.js';
import { type DropletTimes, runDropletCluster } from './droplet-run.js';
import { inScratch } from './timing.js';

/**
 * A cluster on a droplet that is a container, from nothing to registered and back, stage by stage:
 * with the real provider's fixed waits and without, beside the boot of the same container with
 * nothing to install. The difference is what the kit adds, by name.
 */
export async function run(): Promise<void> {
  const account = await openAccount();
  try {
    const bare = await bootBareDroplet(account);
    const [real, none] = await inScratch(async (directory) => {
      const withDelay = (CLUSTERKIT_STANDIN_DELAY: string) => {
        const project = join(directory, `delay-${CLUSTERKIT_STANDIN_DELAY}`);
        return runDropletCluster(project, account, { CLUSTERKIT_STANDIN_DELAY });
      };
      return [await withDelay('real'), await withDelay('0')] as const;
    });
    process.stdout.write(`${table(real, none)}\n\n${summary(bare, real, none)}\n`);
  } finally {
    await account.close();
  }
}

function table(real: DropletTimes, none: DropletTimes): string {
  const rows = [...real.stages].map(([stage, ms]) => [
    stage,
    seconds(ms),
    seconds(none.stages.get(stage)),
  ]);
  const whole = (what: string, of: (times: DropletTimes) => number) => [
    what,
    seconds(of(real)),
    seconds(of(none)),
  ];
  return textTable([
    ['', 'the provider’s waits', 'no waits'],
    ...rows,
    whole('= up, from nothing', ({ up }) => up),
    whole('from API call to registered', ({ toRegistered }) => toRegistered),
    whole('up again, no change', ({ again }) => again),
    whole('plan', ({ plan }) => plan),
    whole('down', ({ down }) => down),
  ]);
}

/** Stages in which the provider waits before its first request. */
const PROVIDER = ['droplet active', 'volume attached'];
/** Stages that the bare droplet has as well. */
const BOOT = [...PROVIDER, 'ssh answers', 'first boot done'];
const AFTER_BOOT = [
  'host key of its own',
  'volume mounted',
  'images there',
  'configuration there',
  'database ready',
  'server started',
  'server ready',
  'proof',
  'registered',
];

function summary(bare: BareBoot, real: DropletTimes, none: DropletTimes): string {
  const sum = (stages: readonly string[], { stages: times }: DropletTimes = none) =>
    stages.reduce((total, stage) => total + (times.get(stage) ?? 0), 0);
  return [
    `bare droplet: ssh after ${seconds(bare.ssh)}, cloud-init done after ${seconds(bare.cloudInit)}`,
    `the provider’s fixed waits: ${seconds(sum(PROVIDER, real) - sum(PROVIDER))}`,
    `images sent: ${none.sent}`,
    `without waits, the boot takes ${seconds(sum(BOOT))} including the kit's part of it, and the steps after it ${seconds(sum(AFTER_BOOT))}, of which images ${seconds(none.stages.get('images there'))}`,
    `what the kit adds to the bare droplet: ${seconds(none.toRegistered - bare.cloudInit)}`,
  ].join('\n');
}

const seconds = (ms = Number.NaN) => `${(ms / 1000).toFixed(1)} s`;
