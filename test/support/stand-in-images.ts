import { homedir } from 'node:os';
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

/** Before the first test: {@link standInNode}; after the last one it goes, if this run made it. */
export default async function setup(): Promise<() => Promise<void>> {
  const isMade = await standInNode().catch((error: Error) => {
    // The tests that need it say so themselves, and the others run.
    process.stderr.write(`${error.message}\n`);
    return false;
  });
  return async () => {
    if (isMade) await engine.getImage(PUBLIC).remove({ force: true });
  };
}

/**
 * A stand-in for `node:22-bookworm-slim`, in an engine that does not have it: Node.js 22 and npm as in the public image,
 * on a Debian made from packages, with the certificate authorities of this machine. Returns whether it made it.
 */
export async function standInNode(): Promise<boolean> {
  if ((await findImage(engine, PUBLIC)) !== undefined) return false;
  const step = (text: string) => void process.stderr.write(`${text}\n`);
  const base = await nodeBase(context, engine, { step, output: () => {} });
  const authorities = (await networkFiles(process.env)).get(AUTHORITIES) ?? '';
  const files = pack();
  files.entry({ name: 'authorities.pem' }, authorities);
  const trusting = authorities === '' ? '' : `ENV NODE_EXTRA_CA_CERTS=${INSIDE}\n`;
  files.entry({ name: 'Dockerfile' }, `FROM ${base}\nCOPY authorities.pem ${INSIDE}\n${trusting}`);
  files.finalize();
  const tar = Readable.from(files, { objectMode: false });
  await follow(engine, await engine.buildImage(tar, { t: PUBLIC, rm: true, forcerm: true }));
  return true;
}
