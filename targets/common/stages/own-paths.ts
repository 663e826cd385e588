import { basename, dirname, isAbsolute, relative, sep } from 'node:path';
import { managedIn, type State } from '../../../clients/terraform/state/state.js';
import { keyDirectory } from '../../../cluster/keys/key-directory.js';
import { stateFile } from '../../../cluster/project.js';
import { CLUSTER_NAME } from '../../../cluster/settings/settings.js';
import { environmentError, type Problem } from '../../../lib/errors.js';
import { storedInput } from './input-in-state.js';
import { relocate } from './relocate.js';

type Input = Readonly<Record<string, unknown>>;

/**
 * A stage's input where the project is now. Whoever can write a state, such as with an archive that has a
 * `.clusterkit` of its own, could name any path in it: those of the project must be the ones that the kit gives them.
 *
 * @param stateDir the present state directory. @default - that of the input's key store
 * @throws KitError `state-dir-untrusted` (exit 3)
 */
export function inputHere<T extends Input>(input: T, stateDir = stateDirOf(input)): T {
  const here = relocate(input, stateDir);
  const problems = pathProblems(here, stateDir);
  if (problems.length > 0) throw environmentError('state-dir-untrusted', problems);
  return here;
}

/** The same for every stage in a state, before anything of the cluster is removed. */
export function assertOwnInputs(state: State, stateDir: string): void {
  const problems = managedIn(state)
    .filter(({ type }) => type === 'terraform_data')
    .flatMap(({ instances }) => instances)
    .map(({ attributes }) => storedInput(attributes))
    .filter((input) => input !== undefined)
    .flatMap((input) => pathProblems(relocate(input, stateDir), stateDir));
  const [...different] = new Map(problems.map((each) => [each.message, each])).values();
  if (different.length > 0) throw environmentError('state-dir-untrusted', different);
}

const stateDirOf = ({ keyDirectory: keys }: Input) =>
  typeof keys === 'string' ? dirname(dirname(keys)) : '';

function pathProblems(input: Input, stateDir: string): Problem[] {
  const { keyDirectory: keys } = input;
  const cluster = typeof keys === 'string' ? basename(keys) : String(input.cluster);
  const expected = {
    cluster: CLUSTER_NAME.test(cluster) ? cluster : undefined,
    project: stateDir,
    keyDirectory: keyDirectory(stateDir, cluster),
    stateFile: stateFile(stateDir, cluster),
  };
  return Object.entries(expected).flatMap(([name, wanted]) =>
    input[name] === undefined || input[name] === wanted
      ? []
      : [foreignPath(stateDir, name, input[name])],
  );
}

const foreignPath = (stateDir: string, name: string, value: unknown): Problem => ({
  path: stateDir,
  message: `its Terraform state has ${JSON.stringify(value)} as '${name}' of a step, which is not this project's`,
  hint: 'Somebody else wrote this state: nothing was done. If you did not make .clusterkit, remove it. Else restore state/NAME.tfstate from its backup.',
});

/** Is a file below a directory? */
export function isBelow(directory: string, file: string): boolean {
  const way = relative(directory, file);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
