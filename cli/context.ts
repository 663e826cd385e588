import type { LendSignals } from '../service/handover/run-command.js';
import type { Target } from '../targets/target.js';
import { createReport, type Report } from './report.js';

/** What every verb receives: the process and its settings, read once in `main.ts`. */
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
  /** stdin and stderr are a terminal, so a verb may ask a question. */
  readonly canAsk: boolean;
  readonly stdin: NodeJS.ReadableStream;
  /** For output of other programs; our own messages go through `report`. */
  readonly stdout: NodeJS.WritableStream;
  /** Where questions go. */
  readonly stderr: NodeJS.WritableStream;
  readonly now: () => Date;
  /** Aborts at Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
  /** Passes signals to another program until the returned function is called; `signal` does not abort then. */
  readonly lendSignals: LendSignals;
  /** The caller's umask. Ours is stricter, and does not apply to programs that we run for the caller. */
  readonly callersUmask: number;
  /** Where clusters can run; loaded by the commands that need them. */
  readonly targets: () => Promise<readonly Target[]>;
}

/** The options of every verb. */
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
export function createContext(options: SharedOptions, process: Process): Context {
  const { env, cwd, home, platform, stdin, stdout, stderr, signal } = process;
  const { lendSignals, callersUmask } = process;
  return {
    env,
    cwd,
    home,
    platform,
    signal,
    lendSignals,
    callersUmask,
    targets: async () => process.targets ?? (await import('../targets/all.js')).TARGETS,
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
