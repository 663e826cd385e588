import { expect, test } from 'vitest';
import { memoryOf } from '../../../../../targets/droplet/machine/memory-of.js';

const MIB = 1024 * 1024;

test.each([
  // What the kernels of these sizes report, and the size.
  [474, 512],
  [957, 1024],
  [981, 1024],
  [1963, 2048],
  [2048, 2048],
  [2940, 3072],
  [3915, 4096],
  [7937, 8192],
  [15_989, 16_384],
  [24_050, 24_576],
  [32_095, 32_768],
  [64_310, 65_536],
  [161_000, 163_840],
])('%d MB for programs: a size of %d MB', (free, size) => {
  expect(memoryOf({ MemTotal: free * MIB })).toBe(size);
});
