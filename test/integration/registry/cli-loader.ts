import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What the CLI makes of one registry. */
export interface LoadedCluster {
  readonly name: string;
  readonly host: string;
  readonly secret: string | null;
  /** Could it sign a token with the secret? Only asked for secrets that look like keys. */
  readonly signs: boolean | null;
}

/** The Prisma CLI 1.6.3 from npm, installed once per machine. */
export async function installCli(): Promise<string> {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const home = join(cache, 'clusterkit', 'prisma-cli');
  const directory = join(home, '1.6.3');
  const marker = join(directory, 'node_modules', 'prisma-yml', 'package.json');
  if (await exists(marker)) return directory;
  await mkdir(home, { recursive: true });
  const fresh = await mkdtemp(join(home, '.new-'));
  try {
    await writeFile(join(fresh, 'package.json'), '{"private":true}');
    const packages = ['prisma@1.6.3', 'mkdirp@0.5'];
    const flags = ['--ignore-scripts', '--no-audit', '--no-fund'];
    await run('npm', ['install', ...flags, ...packages], { cwd: fresh, timeout: 300_000 });
    // Another test run may have been faster.
    await rename(fresh, directory).catch(() => undefined);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return directory;
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

/** Runs in a process of its own: the CLI's code reads the real files and nothing of ours. */
const LOADER = `
const { createRequire } = require('node:module');
const need = createRequire(process.argv[1] + '/x.js');
const { Environment } = need('prisma-yml/dist/Environment');
(async () => {
  const out = [];
  for (const home of process.argv.slice(2)) {
    const env = new Environment(home);
    await env.loadGlobalRC();
    out.push(env.clusters.filter((c) => !c.shared).map((c) => {
      let signs = null;
      if (/^-----BEGIN/.test(c.clusterSecret || '')) {
        try { signs = typeof c.getLocalToken() === 'string'; } catch { signs = false; }
      }
      return { name: c.name, host: c.baseUrl, secret: c.clusterSecret ?? null, signs };
    }));
  }
  process.stdout.write(JSON.stringify(out));
})();
`;

/** What the loader of CLI 1.6.3 reads from `<home>/.prisma/config.yml`, for each home. */
export async function loadByCli(homes: readonly string[]): Promise<LoadedCluster[][]> {
  const cli = await installCli();
  const { stdout } = await run(process.execPath, ['-e', LOADER, cli, ...homes], {
    maxBuffer: 64 * 1024 * 1024,
    env: { PATH: process.env.PATH },
  });
  return JSON.parse(stdout);
}
