import { defineConfig } from 'vitest/config';

/**
 * Files with real parts run three at a time, on two cores: most of the time they wait for machines
 * that boot, for Terraform, for databases. Each has names, ports and a HOME of its own.
 */
const LANES = 3;

const project = (name: string, testTimeout: number, more: object = {}) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout,
    hookTimeout: testTimeout,
    // A process loads the kit once, for many files. What a test stubs goes when it ends.
    isolate: false,
    unstubEnvs: true,
    ...more,
  },
});

const real = {
  globalSetup: ['test/support/droplet-fixtures.ts', 'test/support/stand-in-images.ts'],
  maxWorkers: LANES,
  // After the unit tests; integration and e2e share the lanes.
  sequence: { groupOrder: 1 },
};

/** From fast and pure to slow and real; `scripts/test [unit|integration|e2e]` picks. */
export default defineConfig({
  test: {
    projects: [
      project('unit', 30_000),
      project('integration', 300_000, real),
      project('e2e', 600_000, real),
    ],
  },
});
