/**
 * `npm run bench -- <name> [options]`: comparisons side by side, in one run on one machine.
 * Each is a module here that exports `run(args)`.
 */
const benches: Readonly<Record<string, () => Promise<{ run(args: string[]): Promise<void> }>>> = {
  apps: () => import('./apps.js'),
  droplet: () => import('./droplet.js'),
  edge: () => import('./edge.js'),
  gateway: () => import('./gateway.js'),
  local: () => import('./local.js'),
  registry: () => import('./registry.js'),
};

const [name = '', ...args] = process.argv.slice(2);
const load = benches[name];
if (load === undefined) {
  process.stderr.write(`usage: npm run bench -- ${Object.keys(benches).join('|')}\n`);
  process.exitCode = 2;
} else {
  await (await load()).run(args);
}
