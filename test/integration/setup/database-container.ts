import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import Docker from 'dockerode';
import { onTestFinished } from 'vitest';
import { statusOf } from '../../../clients/docker/connect.js';
import { logTail } from '../../../clients/docker/container-log.js';
import { runInContainer } from '../../../clients/docker/run-in-container.js';
import { retryUntil } from '../../../lib/retry-until.js';

const docker = new Docker();

/** The password of all tests; a client uses it when it is not told another. */
export const PASSWORD = 'se"cr\'et$';

/** One of the two bundled databases. */
export interface DatabaseImage {
  readonly image: string;
  /** Directory of the data in it. */
  readonly data: string;
}

/** A file to be in a container before it starts. */
export interface ContainerFile {
  readonly text: string | Buffer;
  /** @default 0o644 */
  readonly mode?: number;
}

/** What a container of the image is started with. */
export interface DatabaseProps {
  readonly env?: Readonly<Record<string, string>>;
  /** Named volume for the data; without one the data ends with the container. */
  readonly volume?: string;
  readonly files?: Readonly<Record<string, ContainerFile>>;
  readonly user?: string;
  /** Arguments of the server. */
  readonly command?: readonly string[];
  /** In bytes. */
  readonly memory?: number;
  /** Directories in memory, with options of their mount. */
  readonly tmpfs?: Readonly<Record<string, string>>;
}

/** A container that is gone with its anonymous volume when the test ends. Not started yet. */
export async function createDatabase(
  { image, data }: DatabaseImage,
  props: DatabaseProps,
): Promise<Docker.Container> {
  const container = await docker.createContainer({
    name: `ck-test-database-${randomUUID().slice(0, 8)}`,
    Image: image,
    Env: Object.entries(props.env ?? {}).map(([name, value]) => `${name}=${value}`),
    ...(props.user !== undefined && { User: props.user }),
    ...(props.command !== undefined && { Cmd: [...props.command] }),
    HostConfig: {
      Init: true,
      ...(props.memory !== undefined && { Memory: props.memory }),
      ...(props.tmpfs !== undefined && { Tmpfs: { ...props.tmpfs } }),
      ...(props.volume !== undefined && { Binds: [`${props.volume}:${data}`] }),
    },
  });
  onTestFinished(() => removeContainer(container));
  if (props.files !== undefined) await putFiles(container, props.files);
  return container;
}

/** Created, started and answering queries over TCP. */
export async function startDatabase(
  image: DatabaseImage,
  props: DatabaseProps,
): Promise<Docker.Container> {
  const container = await createDatabase(image, props);
  await container.start();
  await untilHealthy(container);
  return container;
}

/** A volume that is gone when the test ends. */
export async function createVolume(): Promise<string> {
  const name = `ck-test-${randomUUID().slice(0, 8)}`;
  await docker.createVolume({ Name: name });
  onTestFinished(async () => {
    // Not known to be after the containers' own turn, and a volume in use stays.
    const users = await docker.listContainers({ all: true, filters: { volume: [name] } });
    for (const { Id } of users) await removeContainer(docker.getContainer(Id));
    await docker.getVolume(name).remove();
  });
  return name;
}

async function removeContainer(container: Docker.Container) {
  await container.remove({ force: true, v: true }).catch((error: unknown) => {
    if (statusOf(error) !== 404) throw error;
  });
}

/** Waits for the image's own health check to pass; ends early with the log when the container does. */
export async function untilHealthy(container: Docker.Container): Promise<void> {
  await retryUntil(
    async () => {
      const { exitCode, output } = await runInContainer(container, ['healthcheck.sh']).catch(
        async (error: Error) => ({ exitCode: -1, output: error.message }),
      );
      if (exitCode !== 0) throw new Error(`${output}\n${await logTail(container)}`);
    },
    { timeoutMs: 120_000 },
  );
}

/** Waits for the container to end by itself. */
export async function exitOf(container: Docker.Container) {
  const { StatusCode } = (await container.wait()) as { StatusCode: number };
  return { code: StatusCode, log: await logTail(container) };
}

/** Name, arguments and environment of every process, as root and as `user` see them. */
export async function whatProcessesTell(container: Docker.Container, user: string) {
  const look =
    'for p in /proc/[0-9]*; do tr "\\0" " " <$p/comm; tr "\\0" " " <$p/cmdline; tr "\\0" " " <$p/environ; echo; done 2>/dev/null';
  const asUser = ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--init-groups', '--'];
  const root = await runInContainer(container, ['/bin/sh', '-c', look]);
  const owner = await runInContainer(container, [...asUser, '/bin/sh', '-c', look]);
  return { toRoot: root.output, toOwner: owner.output };
}

async function putFiles(container: Docker.Container, files: NonNullable<DatabaseProps['files']>) {
  const root = await mkdtemp(join(tmpdir(), 'ck-test-files-'));
  try {
    for (const [path, { text, mode = 0o644 }] of Object.entries(files)) {
      const file = join(root, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
      await chmod(file, mode);
    }
    const tar = await promisify(execFile)('tar', ['-c', '-C', root, ...Object.keys(files)], {
      encoding: 'buffer',
    });
    await container.putArchive(tar.stdout, { path: '/' });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
