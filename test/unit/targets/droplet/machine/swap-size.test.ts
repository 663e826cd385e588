import { expect, test } from 'vitest';
import { swapMbFor } from '../../../../../targets/droplet/machine/render-cloud-init.js';

test.each([
  ['s-1vcpu-512mb-10gb', 2048],
  ['s-1vcpu-1gb', 2048],
  ['s-1vcpu-2gb', 2048],
  ['s-2vcpu-2gb-90gb-intel', 2048],
  ['s-2vcpu-4gb', 0],
  ['s-4vcpu-16gb-amd', 0],
  ['m-2vcpu-16gb', 0],
  ['c-2', 0],
  ['2gb', 2048],
])('size %s gets %i MB of swap', (size, swapMb) => {
  expect(swapMbFor(size)).toBe(swapMb);
});
