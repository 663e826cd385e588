import { HOSTS } from './link-provider.js';

const BLOCK = /^provider "([^"/]+)\/([^"]+)" \{\n(?:.*\n)*?\}\n?/gm;

/**
 * The lock file of a stack, for Terraform and OpenTofu alike: each asks for a provider under a host of its own, and
 * `cdktf` under Terraform's whatever runs. Whoever reads it removes the blocks that it does not need.
 */
export function lockForEveryHost(lock: string): string {
  const blocks = [...lock.matchAll(BLOCK)];
  const names = new Set(blocks.map(([, host, path]) => `${host}/${path}`));
  const twins = blocks.flatMap(([block, host = '', path]) =>
    HOSTS.filter((other) => isPublic(host) && !names.has(`${other}/${path}`)).map((other) =>
      block.replace(`"${host}/`, `"${other}/`),
    ),
  );
  return [lock.trimEnd(), ...twins.map((twin) => twin.trimEnd())].join('\n\n').concat('\n');
}

const isPublic = (host: string) => (HOSTS as readonly string[]).includes(host);
