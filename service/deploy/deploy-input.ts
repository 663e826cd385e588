import type { RequestContext } from './fetch-service.js';
import type { CliStage } from './run-cli.js';

/** Options of `deploy`. Paths are absolute. */
export interface DeployRequest {
  readonly directory: string;
  readonly cluster?: string | undefined;
  readonly service?: string | undefined;
  readonly stage?: string | undefined;
  readonly project?: string | undefined;
  readonly envFile?: string | undefined;
  /** `--timeout`: how long the deployment may go without progress. @default 600 000 */
  readonly timeoutMs?: number | undefined;
  /** Arguments for the CLI. */
  readonly words: readonly string[];
}

/** Context of `deploy`. */
export interface DeployContext extends RequestContext {
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
  readonly platform: NodeJS.Platform;
  /** Working directory of the kit. */
  readonly cwd: string;
  readonly registry: string;
  /** Terminal and signals for the CLI. */
  readonly stage: CliStage;
  /** Lets the user choose a cluster; `undefined`: there is no terminal. */
  readonly choose: (() => Promise<string>) | undefined;
  readonly warn: (text: string) => void;
  readonly step: (text: string) => void;
}
