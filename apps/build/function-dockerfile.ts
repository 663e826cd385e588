import { BUNDLED_FUNCTIONS } from '../../cluster/bundled-images.js';
import { AUTHORITIES } from './network-access.js';

/** What the build of a function depends on. */
export interface FunctionFacts {
  /** Files of the package beside its code, such as `package.json` and `package-lock.json`. */
  readonly packageFiles: readonly string[];
  /** Does it have a lock file of npm? */
  readonly isLocked: boolean;
  /** Does it have packages to install? */
  readonly hasDependencies: boolean;
  /** Does it have a `build` script? Then development packages are installed while it runs. */
  readonly hasBuild: boolean;
  /** Does its installation read more than the package's files: own scripts, packages in directories? */
  readonly installsFromCode: boolean;
}

const NPM_OPTIONS = '--cache /tmp/npm --no-audit --no-fund --no-update-notifier';

/** The authorities are there while npm runs only, and only when there are any. */
const TRUST = '[ ! -s /tmp/authorities.pem ] || export NODE_EXTRA_CA_CERTS=/tmp/authorities.pem;';

/**
 * The Dockerfile of a function. Packages are installed before the code comes in, so that a change of the code does
 * not install them again. They are installed in a stage of its own, of which the image gets `/workspace` only.
 */
export function functionDockerfile(facts: FunctionFacts): string {
  const { packageFiles, isLocked, hasDependencies, hasBuild, installsFromCode } = facts;
  if (!hasDependencies && !hasBuild) return lines(`FROM ${BUNDLED_FUNCTIONS}`, 'COPY . .');
  const kinds = hasBuild ? '--include=dev' : '--omit=dev';
  const install = `RUN ${TRUST} npm ${isLocked ? 'ci' : 'install'} ${kinds} ${NPM_OPTIONS}`;
  return lines(
    `FROM ${BUNDLED_FUNCTIONS} AS build`,
    'USER root',
    `COPY ${AUTHORITIES} /tmp/`,
    ...(installsFromCode
      ? ['COPY . .', install]
      : [`COPY ${JSON.stringify([...packageFiles, './'])}`, install, 'COPY . .']),
    ...(hasBuild ? [`RUN ${TRUST} npm run build && npm prune --omit=dev ${NPM_OPTIONS}`] : []),
    'RUN rm -rf .npmrc .clusterkit',
    `FROM ${BUNDLED_FUNCTIONS}`,
    'COPY --from=build /workspace .',
  );
}

const lines = (...all: readonly string[]) => `${all.join('\n')}\n`;
