import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { AUTHORITIES, networkFiles } from '../../apps/build/network-access.js';
import { findImage } from '../../clients/docker/find-image.js';
import { follow } from '../../clients/docker/follow-progress.js';
import { cacheDirectory } from '../../cluster/project.js';
import { nodeBase } from '../../setup/node-base.js';
import type { SetupContext } from '../../setup/part.js';
import { engine } from './engine-traces.js';

/** The public image on which ordinary Dockerfiles build. */
const PUBLIC = 'node:22-bookworm-slim';
const INSIDE = '/usr/local/share/authorities.pem';

const context: SetupContext = {
  root: process.cwd(),
  version: '0.0.0',
  cacheDir: cacheDirectory(process.env, homedir()),
  env: process.env,
  platform: process.platform,
  arch: process.arch,
  isRoot: process.getuid?.() === 0,
  lockFd: () => undefined,
};

/** Says that an image is ours, and not the public one. */
const STAND_IN = 'dev.clusterkit.test.stand-in';
/** Has a file for each run, by its process: several may use the image at the same time. */
const RUNS = join(context.cacheDir, 'test-runs');

/** Before the first test: {@link standInNode}. It goes after the last one, when no other run of this user needs it. */
export default async function setup(): Promise<() => Promise<void>> {
  await mkdir(RUNS, { recursive: true });
  const own = join(RUNS, String(process.pid));
  await writeFile(own, '');
  // The tests that need it say so themselves, and the others run.
  await standInNode().catch((error: Error) => process.stderr.write(`${error.message}\n`));
  return async () => {
    await rm(own, { force: true });
    const runs = await readdir(RUNS);
    const others = runs.filter((pid) => isAlive(Number(pid)));
    for (const pid of runs) if (!others.includes(pid)) await rm(join(RUNS, pid), { force: true });
    const reference = [PUBLIC];
    const ours = await engine.listImages({ filters: { reference, label: [STAND_IN] } });
    if (ours.length > 0 && others.length === 0)
      await engine.getImage(PUBLIC).remove({ force: true });
  };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/**
 * A stand-in for `node:22-bookworm-slim`, in an engine that does not have it: Node.js 22 and npm as in the public image,
 * on a Debian made from packages, with the certificate authorities of this machine.
 */
export async function standInNode(): Promise<void> {
  if ((await findImage(engine, PUBLIC)) !== undefined) return;
  const step = (text: string) => void process.stderr.write(`${text}\n`);
  const base = await nodeBase(context, engine, { step, output: () => {} });
  const authorities = (await networkFiles(process.env)).get(AUTHORITIES) ?? '';
  const files = pack();
  files.entry({ name: 'authorities.pem' }, authorities);
  const trusting = authorities === '' ? '' : `ENV NODE_EXTRA_CA_CERTS=${INSIDE}\n`;
  files.entry({ name: 'Dockerfile' }, `FROM ${base}\nCOPY authorities.pem ${INSIDE}\n${trusting}`);
  files.finalize();
  const tar = Readable.from(files, { objectMode: false });
  const build = { t: PUBLIC, labels: { [STAND_IN]: 'true' }, rm: true, forcerm: true };
  await follow(engine, await engine.buildImage(tar, build));
}
