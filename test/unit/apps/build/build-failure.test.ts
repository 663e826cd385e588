import { expect, it } from 'vitest';
import { buildFailure } from '../../../../apps/build/build-failure.js';
import { readBuildOutput } from '../../../../clients/docker/build-output.js';

const failure = (lines: readonly string[], reason: string, dockerfile = '') => {
  const output = readBuildOutput();
  for (const line of lines) output.add(line);
  const { code, exitCode, problems } = buildFailure('./web', dockerfile, output, new Error(reason));
  return [code, exitCode, problems[0]?.path, problems[0]?.message];
};
const RUN = 'Step 2/3 : RUN npm ci';
const EXIT = "The command '/bin/sh -c npm ci' returned a non-zero code: 1";

it.each<[string, Parameters<typeof failure>, (string | number)[]]>([
  [
    'the engine has no space',
    [[RUN], 'write /layer.tar: no space left on device'],
    ['disk-full', 3, 'disk of the Docker engine', 'no space is left on this disk'],
  ],
  [
    'a command finds no space',
    [[RUN, 'npm error code ENOSPC'], EXIT],
    ['disk-full', 3, 'disk of the Docker engine', 'no space is left on this disk'],
  ],
  [
    'a command fails',
    [[RUN, 'npm error missing lock file'], EXIT],
    [
      'app-build-failed',
      3,
      './web',
      'the build fails at `RUN npm ci`: exit code 1\n  | npm error missing lock file',
    ],
  ],
  [
    'the base image is not to be had',
    [['Step 1/3 : FROM example/none:1'], 'pull access denied'],
    [
      'image-missing',
      3,
      './web',
      'the engine does not have the base image example/none:1 and cannot pull it: pull access denied',
    ],
  ],
])('%s', (_, given, expected) => {
  expect(failure(...given)).toEqual(expected);
});

it('an instruction needs BuildKit', () => {
  const [code, exitCode] = failure(
    [],
    'dockerfile parse error: unknown instruction: echo',
    'RUN <<EOF\necho one\nEOF\n',
  );
  expect([code, exitCode]).toEqual(['app-build-needs-buildkit', 2]);
});
