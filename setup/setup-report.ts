import pc from 'picocolors';
import type { SetupReport } from './run-parts.js';

const WIDTH = 10;

/** Plain lines, on a terminal and in a pipe alike: `engine     … already running (20.10.24)`. */
export function createSetupReport({
  stream,
  env,
  quiet,
  verbose,
}: {
  readonly stream: { readonly isTTY?: boolean; write(text: string): unknown };
  readonly env: NodeJS.ProcessEnv;
  /** Report only what is made, not what is ready. */
  readonly quiet: boolean;
  /** Also show the output of tools. */
  readonly verbose: boolean;
}): SetupReport {
  const colour = pc.createColors(stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb');
  const line = (part: string, text: string) =>
    void stream.write(`${part.padEnd(WIDTH)} … ${text}\n`);
  return {
    found: (part, detail) => {
      if (!quiet) line(part, detail);
    },
    making: (part, why) => line(part, why),
    made: (part, detail, ms) =>
      line(part, `${colour.green(detail)} ${colour.dim(`${(ms / 1000).toFixed(1)} s`)}`),
    progress: (part) => ({
      step: (text) => line(part, text),
      output: (text) => {
        if (verbose) stream.write(colour.dim(`  | ${text}\n`));
      },
    }),
  };
}
