import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { connectEngine } from '../../../../clients/docker/connect.js';
import { sshArguments } from '../../../../clients/docker/ssh-dial.js';
import { kitErrorOf } from '../../../support/kit-error-of.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

const OPTIONS = ['-o', 'ConnectTimeout=30', '-o', 'BatchMode=yes', '-T', '--'];

test.each([
  ['ssh://far', [...OPTIONS, 'far', 'docker system dial-stdio']],
  ['ssh://me@far:2222', ['-l', 'me', '-p', '2222', ...OPTIONS, 'far', 'docker system dial-stdio']],
  [
    "ssh://far/run/it's.sock",
    [...OPTIONS, 'far', "docker --host='unix:///run/it'\\''s.sock' system dial-stdio"],
  ],
])('%s', (host, argv) => {
  expect(sshArguments(host)).toEqual(argv);
});

/** An environment in which `ssh` is this script. */
async function withSsh(script: string): Promise<NodeJS.ProcessEnv> {
  const directory = await temporaryDirectory();
  await writeFile(join(directory, 'ssh'), `#!/bin/sh\n${script}\n`);
  await chmod(join(directory, 'ssh'), 0o755);
  return { PATH: `${directory}:${process.env.PATH}` };
}

const FAR = { host: 'ssh://far', from: 'DOCKER_HOST' };

test('an engine behind ssh answers', async () => {
  const body = '{"ApiVersion":"1.47"}';
  const answer = `HTTP/1.1 200 OK\\r\\ncontent-length: ${body.length}\\r\\n\\r\\n${body}`;
  const env = await withSsh(`read line; printf '${answer}'; cat > /dev/null`);
  await connectEngine(FAR, env);
});

test('what ssh says is the reason', async () => {
  const env = await withSsh('echo "far: Permission denied (publickey)." >&2; exit 255');
  const error = await kitErrorOf(() => connectEngine(FAR, env));
  expect(error.problems[0]).toMatchObject({
    path: 'ssh://far',
    message:
      'no Docker engine answers (from DOCKER_HOST): ssh ended with 255: far: Permission denied (publickey).',
  });
});
