import { execa } from 'execa';
import { expect, test } from 'vitest';
import { dockerfileContext } from '../../../apps/build/context.js';
import { findProgram } from '../../../lib/find-program.js';
import { directoryWith, imagesOfTest, outputOf } from '../../support/build-fixtures.js';

const hasDocker = (await findProgram('docker', process.env)) !== undefined;

/** What every variant has; `find` lists what arrives. */
const TREE = {
  Dockerfile: 'FROM clusterkit/debian:bookworm\nCOPY . /context\n',
  'README.md': '',
  'a.js': '',
  'a+b(c).js': '',
  'docs/README.md': '',
  'docs/deep/notes.md': '',
  'node_modules/x/index.js': '',
  'src/index.js': '',
  'src/node_modules/y/index.js': '',
  'src/keep/this.md': '',
  'src/link.js': { link: 'index.js' },
};

/** The docker CLI is the judge of its own file. */
test
  .runIf(hasDocker)
  .each([
    '*.md',
    '**/*.md\n!docs/README.md',
    '**/node_modules\nsrc/*\n!src/keep',
    '*\n!src\nsrc/node_modules\n!a+b(c).js',
    '/docs/\n./src/../a.js\n# README.md\n',
    'Dockerfile\n.dockerignore\n**/deep\n[ab]*.js\n!a.js',
  ])('.dockerignore counts as for docker: %j', async (lines) => {
  const cluster = imagesOfTest();
  const directory = await directoryWith({ ...TREE, '.dockerignore': lines });
  const tag = `clusterkit-app/${cluster}-web:r1`;
  await execa('docker', ['build', '--quiet', '--tag', tag, directory], {
    env: { DOCKER_BUILDKIT: '0' },
  });
  const arrived = await outputOf(tag, 'find', '/context', '-mindepth', '1', '!', '-type', 'd');
  const { entries } = await dockerfileContext(directory);
  const hidden = lines.startsWith('Dockerfile') ? ['Dockerfile', '.dockerignore'] : [];
  const ours = entries.filter(({ kind }) => kind !== 'directory').map(({ path }) => path);
  // These two are always sent. The engine hides them from COPY where a line leaves them out.
  const sent = lines.startsWith('*\n') ? ['Dockerfile', '.dockerignore'] : hidden;
  expect(ours.filter((path) => !sent.includes(path))).toEqual(
    arrived
      .split('\n')
      .map((path) => path.replace('/context/', ''))
      .sort(),
  );
});
