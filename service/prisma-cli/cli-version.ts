/** A version of a Prisma 1 CLI, as far as its behaviour goes. */
export interface CliVersion {
  readonly text: string;
  readonly minor: number;
}

/** `1.8.3` taken apart; `undefined` for anything but a Prisma 1 CLI. */
export function cliVersionOf(text: string): CliVersion | undefined {
  const [, minor] = /^1\.(\d+)(?=$|[.\-+])/.exec(text) ?? [];
  return minor === undefined ? undefined : { text, minor: Number(minor) };
}

/** CLIs up to this minor know clusters by name, from the registry; later ones have no registry. */
export const LAST_WITH_REGISTRY = 8;
/** CLIs up to this minor deploy a prisma.yml with `service`, `stage` and `cluster`. */
export const LAST_WITH_CLUSTER_FORM = 11;
/** CLIs from this minor on can deploy by `endpoint`: 1.6 accepts it, and deploys nothing. */
export const FIRST_WITH_ENDPOINT = 7;
/** CLIs from this minor on look for prisma/prisma.yml too. */
export const FIRST_LOOKING_BELOW = 20;
/** CLIs from this minor on take `--project`, and then read no `.env`. */
export const FIRST_WITH_PROJECT_FLAG = 29;
