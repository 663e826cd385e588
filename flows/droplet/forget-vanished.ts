import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { AccountObjects } from '../../lib/digitalocean/account-facts.js';
import { runTerraform, type TerraformRun } from '../../lib/terraform/run-terraform.js';
import { terraformFailure } from '../apply.js';

const instance = z.object({
  attributes: z.object({ id: z.string().nullish(), ip_address: z.string().nullish() }),
});
const state = z.object({
  resources: z.array(
    z.object({ type: z.string(), name: z.string(), instances: z.array(z.unknown()) }),
  ),
});

/**
 * Resources of a state that are gone from the account, and whose absence the provider takes for an
 * error: it could neither plan nor destroy any more. A deletion whose answer was lost leaves a project
 * so, and so does anybody who removes one by hand.
 *
 * @param text of the state file
 * @param objects what cannot be seen is not judged
 */
export function vanished(
  text: string,
  { projects, reservedIps }: Pick<AccountObjects, 'projects' | 'reservedIps'>,
): string[] {
  const isGone: Readonly<Record<string, (one: z.infer<typeof instance>) => boolean>> = {
    digitalocean_project: ({ attributes: { id } }) =>
      projects !== undefined && !projects.some((project) => project.id === id),
    digitalocean_reserved_ip_assignment: ({ attributes: { ip_address } }) =>
      reservedIps !== undefined && !reservedIps.some(({ ip }) => ip === ip_address),
  };
  return state.parse(JSON.parse(text)).resources.flatMap(({ type, name, instances }) => {
    const found = instance.safeParse(instances[0]);
    return found.success && isGone[type]?.(found.data) ? [`${type}.${name}`] : [];
  });
}

/**
 * Takes out of Terraform's state what {@link vanished} finds. A state that cannot be read is left to
 * Terraform to complain about.
 *
 * @returns the addresses that it forgot
 * @throws KitError `terraform-failed` (exit 3)
 */
export async function forgetVanished(
  run: TerraformRun,
  stateFile: string,
  objects: Pick<AccountObjects, 'projects' | 'reservedIps'>,
): Promise<readonly string[]> {
  let addresses: readonly string[];
  try {
    addresses = vanished(await readFile(stateFile, 'utf8'), objects);
  } catch {
    return [];
  }
  if (addresses.length === 0) return [];
  const { exitCode, events, text } = await runTerraform(['state', 'rm', ...addresses], run);
  if (exitCode !== 0) throw terraformFailure('state rm', events, text);
  return addresses;
}
