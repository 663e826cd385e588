import { chmod, copyFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { entryText } from '../../support/registry-files.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { compiled } from '../../support/test-cluster.js';

const CLI = fileURLToPath(new URL('fake-cli.cjs', import.meta.url));

/** What the fake CLI was given. */
export interface Notes {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly pid: number;
  readonly env: Readonly<Record<string, string>>;
  readonly yml: string;
  readonly registry: string;
}

/** An entry of the registry: its name, and the server. */
export type Entries = Readonly<
  Record<string, { readonly host: string; readonly privateKey: string }>
>;

/** A service with a fake CLI of its own, a HOME, and a registry in it. */
export async function fakeService(entries: Entries, yml: string, version = '1.8.3') {
  const directory = await temporaryDirectory();
  const home = join(directory, 'home');
  const service = join(directory, 'service');
  const modules = join(service, 'node_modules');
  await mkdir(join(home, '.prisma'), { recursive: true });
  await mkdir(join(modules, 'prisma'), { recursive: true });
  await mkdir(join(modules, '.bin'));
  const program = join(modules, 'prisma', 'index.js');
  await copyFile(CLI, program);
  await chmod(program, 0o755);
  await writeFile(
    join(modules, 'prisma/package.json'),
    JSON.stringify({ name: 'prisma', version }),
  );
  await symlink(program, join(modules, '.bin', 'prisma'));
  const lines = Object.entries(entries).map(([name, { host, privateKey }]) =>
    entryText(name, host, privateKey),
  );
  const registry = join(home, '.prisma', 'config.yml');
  await writeFile(registry, `clusters:\n${lines.join('')}`, { mode: 0o600 });
  const file = join(service, 'prisma.yml');
  const datamodel = join(service, 'datamodel.graphql');
  await writeFile(file, yml);
  await writeFile(datamodel, 'type User { id: ID! @unique }\n');
  const notes = join(directory, 'notes.json');
  const env = (behaviour: string) => ({
    PATH: process.env.PATH,
    HOME: home,
    TMPDIR: directory,
    FAKE_CLI: behaviour,
    FAKE_CLI_NOTES: notes,
  });
  return {
    ...{ directory, home, service, file, datamodel, registry, env, modules },
    yml: () => readFile(file, 'utf8'),
    /** `undefined`: the CLI was never started. */
    notes: async (): Promise<Notes | undefined> =>
      JSON.parse(await readFile(notes, 'utf8').catch(() => 'null')) ?? undefined,
    /** Runs `clusterkit deploy …argv` in the service. */
    deploy: (behaviour: string, argv: readonly string[] = [], more: object = {}) =>
      execa(process.execPath, [compiled('cli/main.js'), 'deploy', ...argv], {
        ...{ cwd: service, env: env(behaviour), extendEnv: false },
        ...{ stdin: 'ignore', reject: false, timeout: 120_000, ...more },
      }),
  };
}
