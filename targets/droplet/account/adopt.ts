import { terraformFailure } from '../../../clients/terraform/failure.js';
import { runTerraform, type TerraformRun } from '../../../clients/terraform/run-terraform.js';
import { idsIn } from '../../../clients/terraform/state/state.js';
import { keyDirectory } from '../../../cluster/keys/key-directory.js';
import { clusterTag } from '../../../stacks/droplet/account-names.js';
import { knownStateOf } from '../../common/workspace.js';
import type { ClusterContext } from '../../context.js';
import { readKnownHosts } from '../keys/known-hosts.js';
import type { DropletFindings } from '../preflight.js';
import type { KitObject, KitObjectKind } from './kit-objects.js';

/**
 * Address of each kind in the stack; see `stacks/droplet/cluster-stack.ts`. Managed databases are not
 * Terraform resources: their stage finds them again.
 */
const ADDRESSES: Readonly<Record<Exclude<KitObjectKind, 'database'>, string>> = {
  tag: 'digitalocean_tag.tag',
  ssh_key: 'digitalocean_ssh_key.login',
  firewall: 'digitalocean_firewall.firewall',
  volume: 'digitalocean_volume.data',
  reserved_ip: 'digitalocean_reserved_ip.address',
  project: 'digitalocean_project.project',
  droplet: 'digitalocean_droplet.droplet',
};

/** An object to import, and its Terraform address. */
export interface Adoption {
  readonly object: Pick<KitObject, 'id' | 'name' | 'kind'>;
  readonly address: string;
}

/**
 * The cluster's objects to import: they are on the account, have or may have data, and are not in the state.
 * That is a volume that was kept; and after a loss of the state, everything of a droplet that was set up.
 * Tags in use are imported too, because they cannot be created again.
 */
export function adoptions(
  {
    cluster,
    own,
    tags,
  }: {
    readonly cluster: string;
    /** The cluster's objects on the account. */
    readonly own: readonly KitObject[];
    /** Names of all tags on the account. */
    readonly tags: readonly string[];
  },
  known: ReadonlySet<string>,
  contacted: string | undefined,
): Adoption[] {
  const missing = own.filter(({ id }) => !known.has(id));
  const isLost = missing.some(({ kind, id }) => kind === 'droplet' && id === contacted);
  const isTaken = ({ kind, id }: KitObject) => {
    if (kind === 'droplet') return id === contacted;
    return kind !== 'tag' && (isLost || kind === 'volume');
  };
  const tag = clusterTag(cluster);
  return [
    ...(tags.includes(tag) && !known.has(tag)
      ? [{ id: tag, name: tag, kind: 'tag' } as const]
      : []),
    ...missing.filter(isTaken),
  ].flatMap((object) => {
    const { kind } = object;
    return kind === 'database' ? [] : [{ object, address: ADDRESSES[kind] }];
  });
}

/** The objects that {@link adopt} would import. */
export async function adoptionsOf(
  { own, facts }: Pick<DropletFindings, 'own' | 'facts'>,
  context: ClusterContext,
): Promise<Adoption[]> {
  const state = await knownStateOf(context);
  if (state === undefined) return [];
  const hosts = await readKnownHosts(keyDirectory(context.project.stateDir, context.cluster));
  const tags = (facts.objects.tags ?? []).map(({ name }) => name);
  return adoptions({ cluster: context.cluster, own, tags }, idsIn(state), hosts?.droplet);
}

/** Imports the objects into Terraform's state. */
export async function adopt(
  run: TerraformRun,
  findings: Pick<DropletFindings, 'own' | 'facts'>,
  context: ClusterContext,
): Promise<void> {
  for (const { object, address } of await adoptionsOf(findings, context)) {
    const argv = ['import', '-input=false', '-no-color', address, object.id];
    const result = await runTerraform(argv, run);
    if (result.exitCode !== 0) throw await terraformFailure('import', result, run);
    context.progress.done(`${object.kind} ${object.name} imported`);
  }
}
