import { execa } from 'execa';

/** A version of a Prisma 1 CLI. */
export interface CliVersion {
  readonly text: string;
  readonly minor: number;
}

/** Parses a version such as `1.8.3`; `undefined` for anything but a Prisma 1 CLI. */
export function cliVersionOf(text: string): CliVersion | undefined {
  const [, minor] = /^1\.(\d+)(?=$|[.\-+])/.exec(text) ?? [];
  return minor === undefined ? undefined : { text, minor: Number(minor) };
}

/** CLIs up to this minor find clusters by name in the registry; later ones have no registry. */
export const LAST_WITH_REGISTRY = 8;
/** CLIs up to this minor deploy a prisma.yml with `service`, `stage` and `cluster`. */
export const LAST_WITH_CLUSTER_FORM = 11;
/** CLIs from this minor on can deploy by `endpoint`: 1.6 accepts it, but deploys nothing. */
export const FIRST_WITH_ENDPOINT = 7;
/** CLIs from this minor on also find prisma/prisma.yml. */
export const FIRST_LOOKING_BELOW = 20;
/** CLIs from this minor on accept `--project`, and then do not read `.env`. */
export const FIRST_WITH_PROJECT_FLAG = 29;

const TIMEOUT_MS = 20_000;
/** `prisma/1.8.3 (linux-x64)`; from version 2 on a table, `prisma : 5.22.0`. */
const VERSION_LINE = /^prisma1?(?:\/|\s*:\s*)(\d+\.\d+\.\d+\S*)/m;

/**
 * Runs a CLI to read its version. Wrappers of version managers have no package to read it from.
 * @returns `undefined` when the CLI prints none within 20 s
 */
export async function readCliVersion(
  path: string,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const { stdout } = await execa(path, ['--version'], {
    env: { ...env, NO_UPDATE_NOTIFIER: '1' },
    extendEnv: false,
    stdin: 'ignore',
    stderr: 'ignore',
    timeout: TIMEOUT_MS,
    reject: false,
  });
  return VERSION_LINE.exec(stdout ?? '')?.[1];
}
