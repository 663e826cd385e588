import { spawn } from 'node:child_process';
import { Duplex } from 'node:stream';
import { shellWord } from '../../lib/shell-word.js';

const STDERR_BYTES = 2000;

/**
 * Opens a stream to the engine of another machine as the docker CLI does: `ssh` runs
 * `docker system dial-stdio` there, so that the user's ssh configuration applies. Nobody can answer a
 * question of ssh here, so it asks none.
 *
 * @param host such as `ssh://user@machine:22/run/docker.sock`; the path is optional
 */
export async function dialSsh(host: string, env: NodeJS.ProcessEnv): Promise<Duplex> {
  const child = spawn('ssh', sshArguments(host), { env, stdio: ['pipe', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = `${stderr}${text}`.slice(-STDERR_BYTES);
  });
  const stream = new Duplex({
    read: () => void child.stdout.resume(),
    write: (chunk, encoding, done) => void child.stdin.write(chunk, encoding, () => done()),
    final: (done) => void child.stdin.end(() => done()),
    destroy: (error, done) => {
      child.kill();
      done(error);
    },
  });
  // The reason is in what ssh says at its end, not in the broken pipe.
  child.stdin.on('error', () => {});
  child.stdout.on('data', (chunk) => {
    if (!stream.push(chunk)) child.stdout.pause();
  });
  child.once('error', (error) => stream.destroy(new Error(`ssh cannot be run: ${error.message}`)));
  child.once('close', (code) => {
    if (code === 0) stream.push(null);
    else stream.destroy(new Error(`ssh ended with ${code}: ${stderr.trim() || 'without a word'}`));
  });
  return stream;
}

/** Arguments of `ssh`; what the address contains never becomes an option. */
export function sshArguments(host: string): string[] {
  const { username, hostname, port, pathname } = new URL(host);
  const socket = decodeURIComponent(pathname);
  const at = socket.replaceAll('/', '') === '' ? '' : `--host=${shellWord(`unix://${socket}`)} `;
  return [
    ...(username ? ['-l', decodeURIComponent(username)] : []),
    ...(port ? ['-p', port] : []),
    ...['-o', 'ConnectTimeout=30', '-o', 'BatchMode=yes', '-T'],
    ...['--', hostname, `docker ${at}system dial-stdio`],
  ];
}
