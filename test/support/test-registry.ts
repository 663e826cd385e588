import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { follow } from '../../clients/docker/follow-progress.js';
import { cacheDirectory } from '../../cluster/project.js';
import { findProgram } from '../../lib/find-program.js';
import { retryUntil } from '../../lib/retry-until.js';
import { engine } from './engine-traces.js';

import { freePort } from './free-port.js';

/**
 * A real image registry, Debian's `docker-registry`: on loopback, where this machine's engine may push
 * without TLS, and on one address more, where droplets find it as the mirror of Docker Hub.
 */
export class TestRegistry {
  private constructor(
    readonly port: number,
    private readonly directory: string,
    private readonly process: ChildProcess,
    private readonly servers: Server[],
  ) {}

  static async open(binary: string): Promise<TestRegistry> {
    const directory = await mkdtemp(join(tmpdir(), 'ck-test-registry-'));
    const port = await freePort();
    const file = join(directory, 'config.yml');
    const storage = { filesystem: { rootdirectory: join(directory, 'images') } };
    const http = { addr: `127.0.0.1:${port}` };
    await writeFile(file, JSON.stringify({ version: 0.1, storage, http }));
    const child = spawn(binary, ['serve', file], { stdio: 'ignore' });
    const answers = async () => {
      if (!(await fetch(`http://127.0.0.1:${port}/v2/`)).ok) throw new Error('not yet');
    };
    await retryUntil(answers, { timeoutMs: 30_000 });
    return new TestRegistry(port, directory, child, []);
  }

  /** Opens it to the machines of a bridge, at this machine's address there. */
  async listenOn(host: string): Promise<void> {
    const server = createServer((socket) => {
      const inner = connect(this.port, '127.0.0.1');
      socket.pipe(inner).pipe(socket);
      for (const end of [socket, inner]) end.on('error', () => end.destroy());
    });
    server.listen(this.port, host);
    await once(server, 'listening');
    if ((server.address() as AddressInfo).address !== host) throw new Error(`not on ${host}`);
    this.servers.push(server);
  }

  /** Puts an image of this machine's engine there under another name; gives its digest. */
  async push(image: string, name: string, tag: string): Promise<string> {
    const repo = `127.0.0.1:${this.port}/${name}`;
    await engine.getImage(image).tag({ repo, tag });
    const pushed = engine.getImage(`${repo}:${tag}`);
    try {
      const nobody = { username: '', password: '', serveraddress: `127.0.0.1:${this.port}` };
      await follow(engine, await pushed.push({ authconfig: nobody }));
      const { RepoDigests } = await pushed.inspect();
      const found = RepoDigests.find((digest) => digest.startsWith(`${repo}@`));
      if (found === undefined) throw new Error(`${repo} has no digest`);
      return found.slice(repo.length + 1);
    } finally {
      await pushed.remove();
    }
  }

  async dispose(): Promise<void> {
    for (const server of this.servers) server.close();
    this.process.kill();
    await once(this.process, 'exit');
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** The program, unpacked from its package and not installed, so that no service starts; or none. */
export async function registryBinary(): Promise<string | undefined> {
  const installed = await findProgram('docker-registry', process.env);
  if (installed !== undefined) return installed;
  const place = join(cacheDirectory(process.env, homedir()), 'test', 'docker-registry');
  const binary = join(place, 'usr', 'bin', 'docker-registry');
  if ((await findProgram(binary, process.env)) !== undefined) return binary;
  const scratch = await mkdtemp(join(tmpdir(), 'ck-test-deb-'));
  try {
    await execa('apt-get', ['download', 'docker-registry'], { cwd: scratch });
    const archive = (await readdir(scratch)).find((file) => file.endsWith('.deb')) ?? '';
    await execa('dpkg-deb', ['-x', archive, 'unpacked'], { cwd: scratch });
    await mkdir(join(place, '..'), { recursive: true, mode: 0o700 });
    await execa('cp', ['-r', join(scratch, 'unpacked'), `${place}.part`]);
    await rename(`${place}.part`, place);
    return binary;
  } catch {
    return undefined;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
