import { expect, test } from 'vitest';
import { cliArguments, readCliWords } from '../../../../service/prisma-cli/cli-arguments.js';
import {
  endpointOf,
  parseEndpoint,
  sameHost,
} from '../../../../service/prisma-yml/parse-endpoint.js';
import { kitErrorOf } from '../../../support/kit-error-of.js';

test(`arguments behind the dashes: flags for \${opt:…}, and dry runs`, () => {
  expect(readCliWords(['--force', '--stage', 'prod', '--x=1', '-f'])).toEqual({
    words: ['--force', '--stage', 'prod', '--x=1', '-f'],
    flags: { stage: 'prod', x: '1' },
    isDry: false,
  });
  for (const word of ['--dry-run', '-d', '--help', '-h', '--version']) {
    expect(readCliWords([word]).isDry).toBe(true);
  }
});

test.each(['--new', '-n', '-i', '--project', '-p', '--env-file=x', '-e'])(
  '%s is not allowed here',
  async (word) => {
    const { code, problems } = await kitErrorOf(() => readCliWords(['--force', word]));
    expect(code).toBe('cli-arguments');
    expect(problems).toHaveLength(1);
  },
);

test('the arguments of a CLI', () => {
  const command = {
    ...{ minor: 34, cwd: '/a/b', project: 'p/prisma.yml', envFile: '/a/.env.x' },
    ...{ flags: { stage: 'prod' }, words: ['--force'] },
  };
  const more = ['--env-file', '../.env.x', '--stage', 'prod', '--force'];
  expect(cliArguments(command)).toEqual(['deploy', '--project', 'p/prisma.yml', ...more]);
  expect(cliArguments({ ...command, minor: 28 })).toEqual(['deploy', ...more]);
  expect(
    cliArguments({ ...command, project: undefined, envFile: undefined, flags: {}, words: [] }),
  ).toEqual(['deploy']);
});

test.each([
  [
    'http://localhost:4466/blog/dev',
    { host: 'http://localhost:4466', service: 'blog', stage: 'dev' },
  ],
  ['https://H.example/blog', { host: 'https://h.example', service: 'blog', stage: 'default' }],
  ['http://h//a/b', { host: 'http://h', service: 'a', stage: 'b' }],
  ['http://h/a/', { host: 'http://h', service: 'a', stage: 'default' }],
  ['HTTP://h:80', { host: 'http://h', service: 'default', stage: 'default' }],
])('endpoint %s', (text, parts) => expect(parseEndpoint(text)).toEqual(parts));

test.each([
  ['http://h/a/b/', /slash too many.* Write http:\/\/h\/a\/b$/],
  ['http://h/a//b', /slash too many.* Write http:\/\/h\/a\/b$/],
  ['http://h///a/b', /slash too many.* Write http:\/\/h\/a\/b$/],
  ['http://h//w/a/b', /workspaces/],
  ['http://h/w/a/b', /workspaces/],
  ['h/a/b', /not an address/],
  ['http://', /not an address/],
])('endpoint %s is refused', (text, message) => expect(parseEndpoint(text)).toMatch(message));

test('hosts that are the same', () => {
  expect(sameHost('http://localhost:1', 'http://127.0.0.1:1/')).toBe(true);
  expect(sameHost('http://A:1/', 'http://a:1')).toBe(true);
  expect(sameHost('http://localhost:1', 'http://localhost:2')).toBe(false);
  expect(endpointOf('http://a:1/', 's', 't')).toBe('http://a:1/s/t');
});
