import type { AskWorld } from './ask-server.js';
import type { CliStage } from './run-cli.js';

/** What somebody wants to deploy. Paths are absolute. */
export interface DeployWish {
  readonly directory: string;
  readonly cluster?: string | undefined;
  readonly service?: string | undefined;
  readonly stage?: string | undefined;
  readonly project?: string | undefined;
  readonly envFile?: string | undefined;
  /** For the CLI. */
  readonly words: readonly string[];
}

/** The machine, the registry and the person. */
export interface DeployWorld extends AskWorld {
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
  readonly platform: NodeJS.Platform;
  /** Where the kit was called. */
  readonly cwd: string;
  readonly registry: string;
  /** Where the CLI runs. */
  readonly stage: CliStage;
  /** Lets a person choose; `undefined`: there is no terminal. */
  readonly choose: (() => Promise<string>) | undefined;
  readonly warn: (text: string) => void;
  readonly step: (text: string) => void;
}
