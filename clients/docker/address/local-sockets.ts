import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { homeOf } from './docker-config.js';
import { DEFAULT_SOCKET } from './parse-host.js';

/** A socket of an engine on this machine, and what makes it. */
export interface LocalSocket {
  readonly path: string;
  readonly from: string;
}

/**
 * The sockets of this machine's engines that exist, in the order of preference: docker's own, then those
 * that Docker Desktop, rootless engines and other products document.
 */
export async function localSockets(
  env: NodeJS.ProcessEnv,
  defaultSocket = DEFAULT_SOCKET,
): Promise<LocalSocket[]> {
  const found: LocalSocket[] = [];
  for (const socket of knownSockets(env, defaultSocket)) {
    if (await isSocketFile(socket.path)) found.push(socket);
  }
  return found;
}

function knownSockets(env: NodeJS.ProcessEnv, defaultSocket: string): LocalSocket[] {
  const home = homeOf(env);
  const runtime = env.XDG_RUNTIME_DIR || `/run/user/${process.getuid?.() ?? ''}`;
  const colima = env.COLIMA_HOME || join(home, '.colima');
  return [
    { path: defaultSocket, from: "docker's default socket" },
    { path: join(home, '.docker/run/docker.sock'), from: 'the socket of Docker Desktop' },
    { path: join(home, '.docker/desktop/docker.sock'), from: 'the socket of Docker Desktop' },
    { path: join(runtime, 'docker.sock'), from: 'the socket of a rootless engine' },
    { path: join(home, '.orbstack/run/docker.sock'), from: 'the socket of OrbStack' },
    { path: join(colima, 'default/docker.sock'), from: 'the socket of Colima' },
    { path: join(home, '.config/colima/default/docker.sock'), from: 'the socket of Colima' },
    { path: join(home, '.rd/docker.sock'), from: 'the socket of Rancher Desktop' },
    { path: join(runtime, 'podman/podman.sock'), from: 'the socket of Podman' },
    { path: '/run/podman/podman.sock', from: 'the socket of Podman' },
  ];
}

async function isSocketFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isSocket() ?? false;
}
