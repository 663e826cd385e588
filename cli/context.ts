import type { LendSignals } from '../service/handover/run-command.js';
import type { Target } from '../targets/target.js';
import { createReport, type Report } from './report.js';

/** What every verb gets: the world as parameters, read once in `main.ts`. */
export interface Context {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly home: string;
  readonly platform: NodeJS.Platform;
  readonly report: Report;
  /** `--config`, resolved: the file that names the clusters. @default clusters.yml */
  readonly configFile: string;
  /** `--registry`, when given. */
  readonly registryFlag: string | undefined;
  /** `--yes`: no question is asked. */
  readonly yes: boolean;
  /** Both ends are a terminal, so a question may be asked. */
  readonly canAsk: boolean;
  readonly stdin: NodeJS.ReadableStream;
  /** For bytes of others that pass through us; our own words go by `report`. */
  readonly stdout: NodeJS.WritableStream;
  /** Where questions go. */
  readonly stderr: NodeJS.WritableStream;
  readonly now: () => Date;
  /** Aborts at Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
  /** Hands signals to another program until the result is called; `signal` does not abort then. */
  readonly lendSignals: LendSignals;
  /** The umask of who called: ours is stricter, and not for programs that we run in our place. */
  readonly callersUmask: number;
  /** Where clusters can run; loaded by the commands that need them. */
  readonly targets: () => Promise<readonly Target[]>;
}

/** The options that every verb takes. */
export interface SharedOptions {
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly yes?: boolean;
  readonly config?: string;
  readonly registry?: string;
}

/** The process as {@link Context} sees it. */
export interface Process {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly home: string;
  readonly platform: NodeJS.Platform;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly signal: AbortSignal;
  readonly lendSignals: LendSignals;
  readonly callersUmask: number;
  /** @default - all targets of the kit */
  readonly targets?: readonly Target[];
}

/** The context of one invocation. */
export function createContext(options: SharedOptions, world: Process): Context {
  const { env, cwd, home, platform, stdin, stdout, stderr, signal } = world;
  const { lendSignals, callersUmask } = world;
  return {
    env,
    cwd,
    home,
    platform,
    signal,
    lendSignals,
    callersUmask,
    targets: async () => world.targets ?? (await import('../targets/all.js')).TARGETS,
    stdin,
    stdout,
    stderr,
    report: createReport({
      json: options.json === true,
      verbose: options.verbose === true,
      stdout,
      stderr,
      env,
    }),
    configFile: options.config ?? env.CLUSTERKIT_CONFIG ?? 'clusters.yml',
    registryFlag: options.registry ?? env.CLUSTERKIT_REGISTRY,
    yes: options.yes === true,
    canAsk: stdin.isTTY === true && stderr.isTTY === true && options.json !== true,
    now: () => new Date(),
  };
}
