import { createHash } from 'node:crypto';
import type Docker from 'dockerode';
import { DROPLET_IMAGE } from './droplet-image.js';

const PREFIX = 'clusterkit-test-engine-';
const COMPLETE = '.complete';
const ENGINE = '/var/lib/docker';

/** The engine on its disk, for as long as it takes to load images; no container is ever started. */
const LOAD = `
exec 9>${ENGINE}/.lock; flock 9
[ -e ${ENGINE}/${COMPLETE} ] && exit
dockerd --bridge=none --iptables=false >/var/log/engine 2>&1 9>&- &
for _ in $(seq 300); do docker version >/dev/null 2>&1 && break; sleep 0.1; done
docker -H unix:///outer.sock save "$@" | docker load || { tail /var/log/engine; exit 1; }
kill $! && wait $!
touch ${ENGINE}/${COMPLETE}`;

/**
 * A volume with the disk of an engine that has these images of the outer one, made once for each
 * set of them. What older images left goes, unless it is in use. Gives its name.
 */
export async function engineSeed(docker: Docker, references: readonly string[]): Promise<string> {
  const images = [DROPLET_IMAGE, ...references].map((name) => docker.getImage(name).inspect());
  const ids = (await Promise.all(images)).map(({ Id }) => Id);
  const digest = createHash('sha256').update(JSON.stringify([ids, references, LOAD]));
  const name = PREFIX + digest.digest('hex').slice(0, 16);
  const { Volumes } = await docker.listVolumes({ filters: { name: [PREFIX] } });
  for (const old of Volumes.filter((volume) => volume.Name !== name)) {
    await docker
      .getVolume(old.Name)
      .remove()
      .catch(() => {});
  }
  const socketPath = process.env.DOCKER_HOST?.replace('unix://', '') ?? '/var/run/docker.sock';
  await runOnce(docker, ['sh', '-c', LOAD, 'sh', ...references], {
    Binds: [`${name}:${ENGINE}`, `${socketPath}:/outer.sock`],
    CapAdd: ['ALL'],
    CapDrop: ['SYS_RESOURCE'],
    SecurityOpt: ['seccomp=unconfined', 'apparmor=unconfined'],
  });
  return name;
}

/** Copies it to the disk of a new engine, which has not run yet. */
export const sowEngine = (docker: Docker, seed: string, engineVolume: string): Promise<void> =>
  runOnce(docker, ['cp', '-a', '/seed/.', '/engine'], {
    Binds: [`${seed}:/seed:ro`, `${engineVolume}:/engine`],
    NetworkMode: 'none',
  });

async function runOnce(
  docker: Docker,
  command: readonly string[],
  host: Docker.HostConfig,
): Promise<void> {
  const container = await docker.createContainer({
    Image: DROPLET_IMAGE,
    Cmd: [...command],
    HostConfig: { Init: true, Tmpfs: { '/tmp': '' }, ...host },
  });
  try {
    await container.start();
    const { StatusCode } = await container.wait();
    if (StatusCode === 0) return;
    const said = await container.logs({ stdout: true, stderr: true });
    throw new Error(`\`${command.join(' ')}\` gave exit code ${StatusCode}: ${said}`);
  } finally {
    await container.remove({ force: true, v: true });
  }
}
