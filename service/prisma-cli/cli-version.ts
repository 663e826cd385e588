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
