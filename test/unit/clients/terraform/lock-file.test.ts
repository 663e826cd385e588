import { expect, it } from 'vitest';
import { lockForEveryHost } from '../../../../clients/terraform/lock-file.js';

const block = (name: string) =>
  `provider "${name}" {\n  version     = "4.6.0"\n  constraints = ">= 3.6.2, < 5.0.0"\n  hashes = [\n    "h1:abc=",\n  ]\n}`;
const HEAD = '# This file is maintained automatically by "terraform init".\n\n';
const [TERRAFORM, TOFU] = ['registry.terraform.io', 'registry.opentofu.org'];

it.each([
  [TERRAFORM, TOFU],
  [TOFU, TERRAFORM],
])('a lock of %s gets a twin for %s, once', (host, other) => {
  const lock = `${HEAD}${block(`${host}/a/b`)}\n`;
  const both = lockForEveryHost(lock);
  expect(both).toBe(`${HEAD}${block(`${host}/a/b`)}\n\n${block(`${other}/a/b`)}\n`);
  expect(lockForEveryHost(both)).toBe(both);
});

it('a private registry has no twin', () => {
  const lock = `${block('registry.example.com/a/b')}\n`;
  expect(lockForEveryHost(lock)).toBe(lock);
});
