import type { LendSignals } from '../service/handover/run-command.js';
import type { Target } from '../targets/target.js';
import { checkoutRoot, kitCall, withCall } from './kit-call.js';
import { createReport, type Report } from './report.js';

/** The process, read once in `main.ts`. */
export interface Process {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly home: string;
  readonly platform: NodeJS.Platform;
  /** Id of the user; `undefined` on systems without. */
  readonly uid?: number | undefined;
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  /** For output of other programs; our own messages go through a {@link Report}. */
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean };
  /** Where questions go. */
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
  /** Aborts at Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
  /** Passes signals to another program until the returned function is called; `signal` does not abort then. */
  readonly lendSignals: LendSignals;
  /** The caller's umask. Ours is stricter, and does not apply to programs that we run for the caller. */
  readonly callersUmask: number;
  /** @default - all targets of the kit */
  readonly targets?: readonly Target[];
}

/** What every verb receives: the process, and what its options say. */
export interface Context extends Omit<Process, 'targets'> {
  readonly report: Report;
  /** How the user calls the kit, for lines to copy. */
  readonly call: string;
  /** `--config`, resolved: the file that names the clusters. @default clusters.yml */
  readonly configFile: string;
  /** `--registry`, when given. */
  readonly registryFlag: string | undefined;
  /** `--yes`: no question is asked. */
  readonly yes: boolean;
  /** stdin and stderr are a terminal, so a verb may ask a question. */
  readonly canAsk: boolean;
  readonly now: () => Date;
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

/** The context of one invocation. */
export function createContext(options: SharedOptions, process: Process): Context {
  const { env, stdin, stdout, stderr } = process;
  const { json = false, verbose = false, yes = false } = options;
  const call = kitCall({ root: checkoutRoot(), cwd: process.cwd, path: env.PATH });
  const report = createReport({ json, verbose, stdout, stderr, env });
  return {
    ...process,
    targets: async () => process.targets ?? (await import('../targets/all.js')).TARGETS,
    call,
    report: { ...report, warn: (text) => report.warn(withCall(text, call)) },
    configFile: options.config ?? env.CLUSTERKIT_CONFIG ?? 'clusters.yml',
    registryFlag: options.registry ?? env.CLUSTERKIT_REGISTRY,
    yes,
    canAsk: stdin.isTTY === true && stderr.isTTY === true && !json,
    now: () => new Date(),
  };
}
