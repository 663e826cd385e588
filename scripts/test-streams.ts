/** One run of vitest. */
export interface TestStream {
  readonly name: 'main' | 'droplets';
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Tests that wait most of the time: for machines that boot, and for Terraform. */
const DROPLETS = ['test/e2e/droplet', 'test/integration/droplet', 'test/integration/digitalocean'];

/** Tells the ground of the tests (`test/support/droplet-ground.ts`) that nobody needs it. */
export const NO_DROPLETS = 'CLUSTERKIT_TEST_NO_DROPLETS';

/**
 * The runs that are under way at the same time. Tests of one kind go one file after the other, since
 * they share an engine; those of droplets are long, have engines of their own, and need not wait.
 *
 * @param kind `unit`, `integration` or `e2e`. @default - all
 */
export function testStreams(kind?: string): TestStream[] {
  const main: TestStream = {
    name: 'main',
    argv: [
      ...(kind === undefined ? [] : ['--project', kind]),
      ...DROPLETS.map((place) => `--exclude=${place}*/**`),
      ...DROPLETS.map((place) => `--exclude=${place}*`),
    ],
    env: { [NO_DROPLETS]: '1' },
  };
  if (kind === 'unit') return [main];
  const kinds = kind === undefined ? ['integration', 'e2e'] : [kind];
  const argv = [...kinds.flatMap((each) => ['--project', each]), ...DROPLETS];
  return [main, { name: 'droplets', argv, env: {} }];
}
