import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const TABLE = `
| room | what it is | may import |
|---|---|---|
| \`cli/\` | commands | \`targets/*.ts\` \`lib/\` |
| \`test/\` | tests | everything |
| \`targets/\` | the seam | \`lib/\` |
| \`targets/docker/\` \`targets/droplet/\` | targets | \`targets/target.ts\` \`lib/\` |
| \`stacks/\` | constructs | \`lib/\` |
| \`lib/\` | generic | nothing |

| another | table |
|---|---|
| \`lib/\` | \`cli/\` |
`;

const SOUND = {
  'ARCHITECTURE.md': TABLE,
  'tsconfig.json': '{ "compilerOptions": { "module": "node20" } }',
  'lib/text.ts': 'export const text = "";',
  'targets/target.ts': 'export interface Target {}',
  'targets/all.ts': 'import "./docker/up.js"; import "./droplet/up.js";',
  'targets/docker/up.ts': 'import type { Target } from "../target.js"; export type Up = Target;',
  'targets/droplet/up.ts': 'import "../../lib/text.js";',
  'stacks/stack.ts': 'import { App } from "cdktf"; import "../lib/text.js";',
  'cli/up.ts': 'import "node:fs"; import "../targets/all.js";',
  'test/up.test.ts': 'import "../cli/up.js"; import "../targets/docker/up.js";',
};

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'clusterkit-rooms-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Runs the check of `npm run rooms` on a small tree. */
function check(files: Record<string, string>) {
  for (const [path, text] of Object.entries({ ...SOUND, ...files })) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  const program = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const argv = [program, '--config', join(ROOT, '.dependency-cruiser.mjs'), '.'];
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, {
    cwd: directory,
    encoding: 'utf8',
  });
  const found = stdout.replaceAll(/ →\s+/g, ' → ').match(/(?<= error ).*/g) ?? [];
  return { status, found: found.sort(), stderr };
}

describe('the check of the rooms', () => {
  it('passes what the table allows', () => {
    expect(check({})).toEqual({ status: 0, found: [], stderr: '' });
  });

  it('fails on every import that the table does not allow, and on circles', () => {
    const { status, found } = check({
      // Up, as a type or late; past the seam; from one target to another; from the product to a test.
      'lib/up.ts': 'import type { Up } from "../targets/docker/up.js"; export type It = Up;',
      'lib/late.ts': 'export const late = () => import("../cli/up.js");',
      'cli/down.ts': 'import "../targets/docker/up.js";',
      'targets/droplet/down.ts': 'import "../docker/up.js";',
      'cli/fake.ts': 'import "../test/up.test.js";',
      // Circles, of types as well.
      'lib/a.ts': 'import type { B } from "./b.js"; export interface A { b: B }',
      'lib/b.ts': 'import type { A } from "./a.js"; export interface B { a?: A }',
      // cdktf outside of stacks/, and a folder without a line.
      'cli/stack.ts': 'import type { Construct } from "constructs"; export type C = Construct;',
      'extra/more.ts': 'import "../lib/text.js";',
    });
    expect(found).toEqual([
      'each folder is a room of ARCHITECTURE.md: extra/more.ts → lib/text.ts',
      'no circles: lib/a.ts → lib/b.ts → lib/a.ts',
      'only stacks/ knows cdktf, so that leaving it stays cheap: cli/stack.ts → constructs',
      'what cli/ may import: cli/down.ts → targets/docker/up.ts',
      'what cli/ may import: cli/fake.ts → test/up.test.ts',
      'what lib/ may import: lib/late.ts → cli/up.ts',
      'what lib/ may import: lib/up.ts → targets/docker/up.ts',
      'what targets/droplet/ may import: targets/droplet/down.ts → targets/docker/up.ts',
    ]);
    expect(status).toBe(8);
  });

  it('fails without a table', () => {
    const { status, stderr } = check({ 'ARCHITECTURE.md': '# Architecture\n' });
    expect(stderr).toContain('ARCHITECTURE.md has no table of rooms');
    expect(status).not.toBe(0);
  });
});
