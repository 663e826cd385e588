import { usageError } from '../../lib/errors.js';

/** A Prisma 1 CLI on npm. */
export interface CliPackage {
  readonly name: 'prisma' | 'prisma1';
  /** All three numbers. */
  readonly version: string;
  readonly minor: number;
}

/** The last two releases are named `prisma1`: `prisma` became another product. */
const RENAMED = ['1.34.11', '1.34.12'];
/** Releases that npm cannot install, because a dependency is missing, and the release to use instead. */
const BROKEN: Readonly<Record<string, string>> = {
  '1.2.8': '1.2.6',
  '1.4.2': '1.4.1',
  '1.12.3': '1.12.0',
};
/** Up to this minor version the CLI needs mkdirp, but does not declare it. */
const LAST_WITHOUT_MKDIRP = 8;
const MKDIRP = '0.5.6';

/** The last CLI of Prisma 1. */
export const LAST_CLI: CliPackage = { name: 'prisma1', version: '1.34.12', minor: 34 };

/**
 * Parses `1.6.3` or `prisma1@1.34.12`. Makes no request to npm.
 *
 * @throws KitError `cli-version-invalid` (exit 2)
 */
export function parseCliPackage(text: string): CliPackage {
  const wrong = (message: string, hint: string) =>
    usageError('cli-version-invalid', { path: '--cli', message, hint });
  const [, given, version, minor] = /^(?:(prisma1?)@)?(1\.(\d+)\.\d+)$/.exec(text) ?? [];
  if (version === undefined) {
    throw wrong(
      `'${text}' is not an exact version of a Prisma 1 CLI`,
      'Write all three numbers: 1.6.3, 1.8.3, 1.20.7, prisma1@1.34.12.',
    );
  }
  const name = RENAMED.includes(version) ? 'prisma1' : 'prisma';
  if (given === 'prisma1' && name === 'prisma') {
    throw wrong(`there is no prisma1@${version}`, `Write prisma@${version}, or ${RENAMED[1]}.`);
  }
  const instead = BROKEN[version];
  if (instead !== undefined) {
    throw wrong(
      `npm cannot install prisma@${version}: one of its dependencies was never published`,
      `Use ${instead}.`,
    );
  }
  return { name, version, minor: Number(minor) };
}

/** Dependencies in package.json for this CLI. */
export const dependenciesOf = ({ name, version, minor }: CliPackage): Record<string, string> => ({
  ...(minor <= LAST_WITHOUT_MKDIRP && { mkdirp: MKDIRP }),
  [name]: version,
});
