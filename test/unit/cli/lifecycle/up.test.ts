import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Context } from '../../../../cli/context.js';
import { up } from '../../../../cli/lifecycle/up.js';
import { createReport } from '../../../../cli/report.js';
import { TARGETS } from '../../../../targets/all.js';
import { kitErrorOf } from '../../../support/kit-error-of.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

/** A cluster that cannot come up: its database's password is told nowhere. */
const CLUSTERS = `clusters:
  one:
    target: docker
    server: { image: "prismagraphql/prisma:1.8" }
    database: { external: { connector: postgres, host: 127.0.0.1, user: u, passwordEnv: NONE } }
`;

test('a second name that is mistyped: told before anything is done for the first', async () => {
  const cwd = await temporaryDirectory();
  await writeFile(join(cwd, 'clusters.yml'), CLUSTERS);
  const { stdout, stderr } = process;
  const env = { PATH: process.env.PATH };
  const context = {
    ...{ env, cwd, home: cwd, platform: process.platform, configFile: 'clusters.yml' },
    report: createReport({ json: false, verbose: false, stdout, stderr, env }),
    registryFlag: undefined,
    signal: new AbortController().signal,
    targets: async () => TARGETS,
  } as unknown as Context;
  const error = await kitErrorOf(() => up(context, {}, ['one', 'onne']));
  expect(error).toMatchObject({ code: 'cluster-unknown', exitCode: 2 });
  expect(error.message).toContain("Did you mean 'one'?");
  expect(await readdir(cwd)).toEqual(['clusters.yml']);
});
