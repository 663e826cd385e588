import type { Stats } from 'node:fs';
import { chmod, lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { environmentError, hasCode, type Problem } from '../lib/errors.js';
import { trackedFiles } from './tracked-files.js';

/** Who asks, and how a word reaches the user. */
export interface StateDirUser {
  /** `undefined` on systems without user ids: then owners and modes say nothing. */
  readonly uid: number | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly warn: (text: string) => void;
}

const [GROUP_OR_OTHERS, WRITABLE, ALL] = [0o077, 0o022, 0o777];
const MADE_ELSEWHERE =
  'If you did not make it, remove it. Clusters that you made can still be taken down where you made them.';

/**
 * Asserts that `.clusterkit` is the user's own work: whoever else can write there, or brings it along in a repository,
 * would decide what Terraform removes, which keys are used, and where files are written. Secrets that others can
 * read become private again, with a word.
 *
 * @throws KitError `state-dir-untrusted` (exit 3) with every problem
 */
export async function requireOwnStateDir(stateDir: string, user: StateDirUser): Promise<void> {
  const root = await stat(stateDir).catch(() => undefined);
  if (root === undefined) return;
  const problems = [
    ...(await trackedProblems(stateDir, user.env)),
    ...(root.isDirectory()
      ? []
      : [{ path: stateDir, message: 'is not a directory', hint: MADE_ELSEWHERE }]),
    ...accessProblems(stateDir, root, user),
  ];
  // Nothing of a foreign directory is read, and nothing in it is mended.
  if (problems.length > 0) throw environmentError('state-dir-untrusted', problems);
  const inside = await partsOf(stateDir);
  const found = inside.flatMap(
    ({ path, stats }) => kindProblem(path, stats) ?? accessProblems(path, stats, user),
  );
  if (found.length > 0) throw environmentError('state-dir-untrusted', found);
  await makePrivate(
    inside.filter(({ isSecret }) => isSecret),
    user,
  );
}

async function trackedProblems(stateDir: string, env: NodeJS.ProcessEnv): Promise<Problem[]> {
  const [first, ...more] = await trackedFiles(stateDir, env);
  if (first === undefined) return [];
  const files = more.length === 0 ? first : `${first} and ${more.length} more`;
  return [
    {
      path: stateDir,
      message: `is tracked by git (${files}): whoever writes to the repository would decide what runs here`,
      hint: `If it is yours: git rm -r --cached .clusterkit, and add .clusterkit/ to .gitignore. ${MADE_ELSEWHERE}`,
    },
  ];
}

function accessProblems(path: string, { uid, mode }: Stats, user: StateDirUser): Problem[] {
  if (user.uid === undefined) return [];
  if (uid !== user.uid) {
    return [
      {
        path,
        message: `belongs to user ${uid}, and you are user ${user.uid}`,
        hint: `Run clusterkit as that user, or take it over: sudo chown -R ${user.uid} .clusterkit. ${MADE_ELSEWHERE}`,
      },
    ];
  }
  if ((mode & WRITABLE) === 0) return [];
  return [
    {
      path,
      message: `others can write to it (mode ${(mode & ALL).toString(8)})`,
      hint: `If nobody did: chmod -R go-w .clusterkit. ${MADE_ELSEWHERE}`,
    },
  ];
}

function kindProblem(path: string, stats: Stats): Problem[] | undefined {
  if (stats.isFile() || stats.isDirectory()) return undefined;
  const message = stats.isSymbolicLink()
    ? 'is a link; what the kit writes would go elsewhere'
    : 'is neither a file nor a directory';
  return [{ path, message, hint: `Put the file or directory itself there. ${MADE_ELSEWHERE}` }];
}

interface Part {
  readonly path: string;
  readonly stats: Stats;
  readonly isSecret: boolean;
}

/** What the kit reads and writes by name. Directories of stacks are emptied before each use instead. */
async function partsOf(stateDir: string): Promise<Part[]> {
  const keys = join(stateDir, 'keys');
  const clusters = await below(keys);
  const outdir = join(stateDir, 'cdktf.out');
  const plain = [
    ...['state', 'keys', 'identities', 'cdktf.out'].map((name) => join(stateDir, name)),
    join(outdir, 'stacks'),
    join(outdir, 'manifest.json'),
    ...(await below(join(stateDir, 'state'))),
    ...(await below(join(stateDir, 'identities'))),
  ];
  const secret = [...clusters, ...(await Promise.all(clusters.map(below))).flat()];
  const parts = [
    ...plain.map((path) => ({ path, isSecret: false })),
    ...secret.map((path) => ({ path, isSecret: true })),
  ].map(async (part) => {
    const stats = await lstat(part.path).catch(() => undefined);
    return stats === undefined ? [] : [{ ...part, stats }];
  });
  return (await Promise.all(parts)).flat();
}

async function below(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).map((name) => join(directory, name));
  } catch (error) {
    // One that is a link, or unreadable, is a problem of its own.
    if (hasCode(error, 'ENOENT', 'ENOTDIR', 'EACCES')) return [];
    throw error;
  }
}

async function makePrivate(secrets: readonly Part[], { uid, warn }: StateDirUser): Promise<void> {
  if (uid === undefined) return;
  for (const { path, stats } of secrets) {
    if ((stats.mode & GROUP_OR_OTHERS) === 0) continue;
    await chmod(path, stats.isDirectory() ? 0o700 : 0o600);
    // A directory that others may list gives nothing away by itself.
    if (stats.isFile()) {
      warn(
        `${path} was readable by others (mode ${(stats.mode & ALL).toString(8)}): now only by you`,
      );
    }
  }
}
