// The first half of scripts/setup: npm packages and compiled code. It runs before either exists, so
// it is plain JavaScript with Node's own modules only.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { homedir, hostname } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const quiet = process.argv.includes('--quiet');
const say = (part, text) => process.stderr.write(`${part.padEnd(10)} … ${text}\n`);

/** A file's text; empty when there is none. */
function read(path) {
  try {
    return fs.readFileSync(join(root, path), 'utf8');
  } catch {
    return '';
  }
}

const hashOf = (text) => createHash('sha256').update(text).digest('hex');

// Written last, so that an interrupted installation does not count as complete.
const PACKAGES_STAMP = 'node_modules/.clusterkit-installed';
const INSTALLED_LIST = 'node_modules/.package-lock.json';
// The kit is compiled here, so it needs all packages, whatever NODE_ENV or the user's npm settings
// leave out elsewhere; and in this directory.
const COMPLETE = [
  ...['dev', 'optional', 'peer'].map((kind) => `--include=${kind}`),
  ...[
    '--no-global',
    '--no-dry-run',
    '--package-lock',
    '--no-package-lock-only',
    '--install-strategy=hoisted',
  ],
];
const BUILD_STAMP = 'dist/.clusterkit-built';
const PROGRAM = 'dist/cli/main.js';

const wantedPackages = () => hashOf(read('package-lock.json') + process.versions.modules);
/** Changes with every later `npm install` or `npm prune`, which may leave packages out. */
const installedPackages = () => `${wantedPackages()} ${hashOf(read(INSTALLED_LIST))}`;

/** Writes a file in one step, and never through a link that another checkout shares. */
function replace(path, text) {
  const draft = join(root, `${path}.${process.pid}`);
  fs.writeFileSync(draft, text);
  fs.renameSync(draft, join(root, path));
}

/** Changes with every added, removed or changed source. */
function sourceFingerprint() {
  const config = 'tsconfig.build.json';
  const seen = [];
  const look = (path) => {
    const stat = fs.statSync(join(root, path), { throwIfNoEntry: false });
    if (stat?.isDirectory()) {
      for (const name of fs.readdirSync(join(root, path)).sort()) look(join(path, name));
    } else if (stat && /\.(ts|json|mjs)$/.test(path)) {
      seen.push(`${path} ${stat.size} ${stat.mtimeMs}`);
    }
  };
  const inputs = [...JSON.parse(read(config)).include, config, 'tsconfig.json'];
  for (const path of [...inputs, 'setup/bundle.mjs']) look(path);
  return hashOf([...seen, wantedPackages()].join('\n'));
}

const packagesRight = () => read(PACKAGES_STAMP) === installedPackages();
const buildRight = (fingerprint) =>
  read(BUILD_STAMP) === fingerprint && fs.existsSync(join(root, PROGRAM));

let lockFd;

/**
 * Excludes other setups of this user with `flock`, if there is that program: the kernel releases
 * the lock with the last process that has it, npm and tsc included.
 */
function exclude() {
  if (lockFd !== undefined) return;
  const programs = (process.env.PATH ?? '').split(delimiter).map((path) => join(path, 'flock'));
  const flock = programs.find((path) => fs.existsSync(path));
  if (flock === undefined) return;
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'clusterkit');
  fs.mkdirSync(cache, { recursive: true, mode: 0o700 });
  const file = join(cache, 'setup.lock');
  lockFd = fs.openSync(file, 'a', 0o600);
  const lock = (...options) =>
    spawnSync(flock, [...options, '3'], { stdio: ['ignore', 'ignore', 'inherit', lockFd] });
  if (lock('--nonblock').status !== 0) {
    say('setup', `waiting for another setup of this user: ${ownerIn(file)}`);
    lock();
  }
  const owner = { pid: process.pid, host: hostname(), command: 'scripts/setup' };
  fs.ftruncateSync(lockFd);
  fs.writeSync(lockFd, `${JSON.stringify({ ...owner, since: new Date().toISOString() })}\n`);
}

/** As `ownerText` of lib/file-lock.ts, which is not compiled yet. */
function ownerIn(file) {
  try {
    const { pid, host, command, since } = JSON.parse(fs.readFileSync(file, 'utf8'));
    return `process ${pid} on ${host} (${command}) since ${since}`;
  } catch {
    return 'another process, which is unknown';
  }
}

/** Runs a tool; shows its output only when it fails, and then ends setup with `exitCode`. */
function run({ part, hint, exitCode }, file, ...args) {
  const { status, error, stdout, stderr } = spawnSync(file, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'pipe', lockFd ?? 'ignore'],
  });
  if (status === 0) return;
  process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`);
  say(part, `\`${file} ${args.join(' ')}\` failed (${error?.message ?? `exit code ${status}`})`);
  process.stderr.write(`  ${hint}\n`);
  process.exit(exitCode);
}

/**
 * Whether a manual `npm install` installed every package as locked, as npm records when it is done.
 */
function alreadyInstalled() {
  const installed = JSON.parse(read(INSTALLED_LIST) || '{"packages":{}}').packages;
  const { '': _root, ...locked } = JSON.parse(read('package-lock.json')).packages;
  const same = (path) => installed[path]?.integrity === locked[path]?.integrity;
  return (
    Object.keys(installed).every((path) => path in locked && same(path)) &&
    Object.keys(locked).every((path) => path in installed || locked[path].optional)
  );
}

function installPackages() {
  exclude();
  if (packagesRight()) return;
  if (alreadyInstalled()) {
    replace(PACKAGES_STAMP, installedPackages());
    return;
  }
  const start = performance.now();
  say('packages', 'installing node_modules from package-lock.json');
  // `npm ci` starts from nothing, so the records of an earlier complete installation go first.
  for (const proof of [PACKAGES_STAMP, INSTALLED_LIST])
    fs.rmSync(join(root, proof), { force: true });
  const registry = {
    part: 'packages',
    hint: 'Check whether this machine reaches the npm registry.',
    exitCode: 3,
  };
  run(registry, 'npm', 'ci', '--ignore-scripts', '--no-audit', ...COMPLETE);
  if (!alreadyInstalled()) {
    say('packages', 'npm left packages out that are in package-lock.json');
    const settings = Object.keys(process.env).filter((name) =>
      /^(NODE_ENV|npm_config_.*)$/i.test(name),
    );
    process.stderr.write(
      `  Check npm's settings (\`npm config list\`${settings.map((name) => `, ${name}`).join('')}), then run scripts/setup again.\n`,
    );
    process.exit(3);
  }
  replace(PACKAGES_STAMP, installedPackages());
  say('packages', `installed ${took(start)}`);
}

function compile() {
  exclude();
  const fingerprint = sourceFingerprint();
  if (buildRight(fingerprint)) return;
  const start = performance.now();
  say('build', 'compiling TypeScript to dist/');
  // tsc's record of an earlier build is useless without that build's files.
  for (const stale of [BUILD_STAMP, ...(fs.existsSync(join(root, PROGRAM)) ? [] : ['dist'])]) {
    fs.rmSync(join(root, stale), { recursive: true, force: true });
  }
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const sources = { part: 'build', hint: 'Fix the sources.', exitCode: 1 };
  run(sources, process.execPath, tsc, '-p', 'tsconfig.build.json');
  run(sources, process.execPath, join(root, 'setup/bundle.mjs'));
  fs.chmodSync(join(root, PROGRAM), 0o755);
  replace(BUILD_STAMP, fingerprint);
  say('build', `compiled ${took(start)}`);
}

const took = (start) => `${((performance.now() - start) / 1000).toFixed(1)} s`;

try {
  if (!packagesRight()) installPackages();
  else if (!quiet) say('packages', 'already installed');
  if (!buildRight(sourceFingerprint())) compile();
  else if (!quiet) say('build', 'already compiled');
} catch (error) {
  // A checkout or a cache that this user may not write, a full disk: the machine's, not ours.
  if (!/^E[A-Z]+$/.test(error.code ?? '')) throw error;
  say('setup', error.message);
  process.stderr.write(`  Setup writes to ${root} and to the cache of this user.\n`);
  process.exit(3);
}
