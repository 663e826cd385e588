import { defineConfig } from 'vitest/config';

/** Three projects, from fast and pure to slow and real; `scripts/test [unit|integration|e2e]` picks. */
const project = (name: string, testTimeout: number, serial: boolean) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout,
    hookTimeout: testTimeout,
    // Engine-bound tests share one Docker engine and two cores: one file at a time.
    fileParallelism: !serial,
    ...(serial && { globalSetup: 'test/support/droplet-ground.ts' }),
  },
});

export default defineConfig({
  test: {
    projects: [
      project('unit', 30_000, false),
      project('integration', 180_000, true),
      project('e2e', 600_000, true),
    ],
  },
});
