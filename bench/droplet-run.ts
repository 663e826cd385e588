import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { parse, stringify } from 'yaml';
import type { BenchAccount } from './account.js';
import { ROOT } from './contenders.js';
import { timed } from './timing.js';

/** Milliseconds of each stage of the first `up`, and of the commands after it. */
export interface DropletTimes {
  readonly stages: ReadonlyMap<string, number>;
  /** Size of the sent images and speed, such as `94.3 MB at 12.0 MB/s`. */
  readonly sent: string;
  /** From the request for the droplet to the entry in the registry. */
  readonly toRegistered: number;
  readonly up: number;
  readonly again: number;
  readonly plan: number;
  readonly down: number;
}

/** Runs the shipped cluster `staging` through its commands, in a project of its own. */
export async function runDropletCluster(
  project: string,
  account: BenchAccount,
  env: NodeJS.ProcessEnv,
): Promise<DropletTimes> {
  await mkdir(project);
  const shipped = parse(await readFile(join(ROOT, 'clusters.yml'), 'utf8'));
  const clusters = { bench: shipped.clusters.staging };
  await writeFile(join(project, 'clusters.yml'), stringify({ clusters }));
  const kit = (...argv: string[]) =>
    execa(process.execPath, [join(ROOT, 'dist/cli/main.js'), ...argv], {
      cwd: project,
      env: {
        ...process.env,
        ...account.env,
        ...env,
        CLUSTERKIT_REGISTRY: join(project, 'registry.yml'),
      },
      extendEnv: false,
      stdin: 'ignore',
      all: true,
    });
  try {
    const lines: TimedLine[] = [];
    const startedAt = Date.now();
    const up = await timed(() => {
      const child = kit('up', 'bench', '--verbose');
      createInterface({ input: child.all }).on('line', (text) =>
        lines.push({ text, at: Date.now() }),
      );
      return child;
    });
    const askedAt = await account.dropletAskedAt();
    const again = await timed(() => kit('up', 'bench'));
    const plan = await timed(() => kit('plan', 'bench'));
    const down = await timed(() => kit('down', 'bench', '--yes'));
    const registered = lineOf(lines, /^register: registry entry/).at;
    return {
      ...{ up, again, plan, down, stages: stagesIn(lines, startedAt, askedAt) },
      sent: /images: copied, (.*) \(/.exec(lineOf(lines, /images: copied/).text)?.[1] ?? '',
      toRegistered: registered - askedAt,
    };
  } finally {
    await kit('down', 'bench', '--yes').catch(() => undefined);
  }
}

interface TimedLine {
  readonly text: string;
  readonly at: number;
}

/** Lines of `up --verbose` that end stages, in order. */
const ENDS: readonly (readonly [stage: string, line: RegExp])[] = [
  ['pre-flight', /^pre-flight: /],
  ['keys and synthesis', /^synthesis: /],
  ['planned by Terraform', /^plan: /],
  ['account: swept, key, firewall', /^the droplet is asked for$/],
  ['droplet active', /✓ droplet created/],
  ['volume attached', /^install: Executing/],
  ['ssh answers', /^install: ssh: /],
  ['host key of its own', /^install: host key: /],
  ['first boot done', /^install: first boot: /],
  ['volume mounted', /^install: volume: /],
  ['images there', /^install: images: /],
  ['configuration there', /^install: configuration: /],
  ['database ready', /^install: database: /],
  ['server started', /^install: server: /],
  ['server ready', /^register: server: /],
  ['proof', /^register: proof: /],
  ['registered', /^register: registry entry: /],
  ['looked at again, end', /^Registered in /],
];

/** Each stage ends with its line, and begins at the end of the one before. */
function stagesIn(printed: readonly TimedLine[], startedAt: number, askedAt: number) {
  const lines = [...printed, { text: 'the droplet is asked for', at: askedAt }];
  const stages = new Map<string, number>();
  let before = startedAt;
  for (const [stage, line] of ENDS) {
    const { at } = lineOf(lines, line);
    stages.set(stage, at - before);
    before = at;
  }
  return stages;
}

function lineOf(lines: readonly TimedLine[], pattern: RegExp): TimedLine {
  const found = lines.find(({ text }) => pattern.test(text));
  if (found !== undefined) return found;
  throw new Error(`no line ${pattern} in:\n${lines.map(({ text }) => text).join('\n')}`);
}
