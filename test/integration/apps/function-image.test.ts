import { expect, onTestFinished, test } from 'vitest';
import { buildImage } from '../../../apps/build/build-image.js';
import { functionContext } from '../../../apps/build/function-context.js';
import { removeContainer } from '../../../clients/docker/remove-container.js';
import { appImage } from '../../../cluster/objects/app-image.js';
import { retryUntil } from '../../../lib/retry-until.js';
import { directoryWith, type Files, imagesOfTest, outputOf } from '../../support/build-fixtures.js';
import { engine } from '../../support/engine-traces.js';
import { kitErrorOf } from '../../support/kit-error-of.js';

/** Builds a function on this machine, with its registry and certificate authorities. */
async function build(path: string, cluster: string) {
  const context = await functionContext(path);
  const tag = appImage(cluster, 'hello', 'r1');
  const lines: string[] = [];
  const onLine = (line: string) => lines.push(line);
  const id = await buildImage(engine, { context, tag, labels: {}, env: process.env, onLine });
  return { id, lines };
}

/** The answer of a function's container; it is gone when the running test ends. */
async function answerOf(image: string, variables: readonly string[] = []): Promise<string> {
  const container = await engine.createContainer({
    Image: image,
    Env: [...variables],
    HostConfig: { PortBindings: { '8080/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] } },
  });
  onTestFinished(() => removeContainer(engine, container.id));
  await container.start();
  const { NetworkSettings, State } = await container.inspect();
  expect(State.Running).toBe(true);
  const port = NetworkSettings.Ports['8080/tcp']?.[0]?.HostPort;
  return retryUntil(
    async () => {
      const response = await fetch(`http://127.0.0.1:${port}/`, {
        signal: AbortSignal.timeout(5000),
      });
      return `${response.status} ${await response.text()}`;
    },
    { timeoutMs: 60_000 },
  );
}

const answering = (text: string) => `(request, response) => response.send(${text})`;

test('a function in a directory has its packages, runs as another user, and writes to /tmp only', async () => {
  const cluster = imagesOfTest();
  const files: Files = {
    'package.json': JSON.stringify({ main: 'index.js', dependencies: { 'is-number': '7.0.0' } }),
    'index.js': `const isNumber = require('is-number');
const fs = require('node:fs');
fs.writeFileSync('/tmp/started', '1');
let own = 'refused';
try { fs.writeFileSync('/workspace/x', '1'); own = 'written'; } catch {}
exports.handler = ${answering('[isNumber(7), process.getuid(), own, process.env.NODE_ENV].join()')};`,
    '.env': 'SECRET=1',
    '.npmrc': 'fund=false\n',
    'node_modules/is-number/index.js': 'this is not taken along',
  };
  const { id } = await build(await directoryWith(files), cluster);
  expect(await answerOf(id)).toBe('200 true,1000,refused,production');
  expect((await outputOf(id, 'ls', '-A')).split(/\s+/).sort()).toEqual([
    'index.js',
    'node_modules',
    'package-lock.json',
    'package.json',
  ]);
  const { Config } = await engine.getImage(id).inspect();
  expect(JSON.stringify(Config.Env)).not.toMatch(/CERT|PROXY/i);
});

test('the registry of .npmrc is used; a failed installation shows the words of npm', async () => {
  const cluster = imagesOfTest();
  const directory = await directoryWith({
    'package.json': JSON.stringify({ name: cluster, dependencies: { 'is-number': '7.0.0' } }),
    'index.js': '',
    '.npmrc': 'registry=http://127.0.0.1:9/\nfetch-retries=0\n',
  });
  const error = await kitErrorOf(() => build(directory, cluster));
  expect(error.code).toBe('app-build-failed');
  expect(error.message).toMatch(/\| npm error +address: '127\.0\.0\.1'/);
});

test('packages are not installed again when only the code changes', async () => {
  const cluster = imagesOfTest();
  const files = (text: string) => ({
    'package.json': JSON.stringify({
      name: cluster,
      type: 'module',
      dependencies: { 'is-odd': '3.0.1' },
    }),
    'index.js': `import isOdd from 'is-odd';\nexport const handler = ${answering(`'${text}' + isOdd(3)`)};`,
  });
  await build(await directoryWith(files('first ')), cluster);
  const { id, lines } = await build(await directoryWith(files('second ')), cluster);
  expect(lines.join('\n')).toMatch(/: RUN .* npm install .*\n ---> Using cache/);
  expect(await answerOf(id)).toBe('200 second true');
});

test('a build script makes the module, with packages that are not in the image', async () => {
  const cluster = imagesOfTest();
  const { id } = await build(
    await directoryWith({
      'package.json': JSON.stringify({
        main: 'dist/index.js',
        scripts: { build: 'node build.js' },
        devDependencies: { 'is-number': '7.0.0' },
      }),
      'build.js': `require('is-number');
require('node:fs').mkdirSync('dist');
require('node:fs').writeFileSync('dist/index.js', "require('@google-cloud/functions-framework').http('named', ${answering("'built'")})");`,
    }),
    cluster,
  );
  expect(await answerOf(id, ['FUNCTION_TARGET=named'])).toBe('200 built');
  expect(await outputOf(id, 'sh', '-c', 'ls node_modules/is-number 2>&1 | wc -l')).toBe('1');
});

test.each([
  ['hello.js', `exports.handler = ${answering("'common'")};`, '200 common'],
  ['hello.mjs', `export const handler = ${answering("'module'")};`, '200 module'],
  [
    'hello.ts',
    "import type { Server } from 'node:http';\nexport const handler = (_: unknown, response: { send(text: string): Server }) => response.send('typed');",
    '200 typed',
  ],
])('a function in one file: %s', async (name, text, answer) => {
  const cluster = imagesOfTest();
  const directory = await directoryWith({ [name]: text, 'beside.txt': 'not taken along' });
  const { id } = await build(`${directory}/${name}`, cluster);
  expect((await outputOf(id, 'ls')).split(/\s+/).sort()).toEqual([name, 'package.json']);
  expect(await answerOf(id)).toBe(answer);
});
