import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { type Problem, usageError } from '../errors.js';

const state = z.object({
  resources: z.array(
    z.object({
      type: z.string(),
      instances: z.array(
        z.object({ status: z.string().optional(), attributes: z.record(z.string(), z.unknown()) }),
      ),
    }),
  ),
});

/** What of a droplet cluster cannot be changed without a new droplet or volume. */
export interface Fixed {
  readonly name: string;
  readonly region: string;
  /** Id of the private network. @default - any */
  readonly vpc?: string;
}

/**
 * Droplet and volume in state can stay as they are: what `clusterkit up` sees in the plan, for those
 * who let another program plan and apply.
 *
 * @param path of the state file; none is fine
 * @throws KitError `replacement-refused` (exit 2)
 */
export async function assertStays({ name, region, vpc }: Fixed, path: string): Promise<void> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  const known = state.safeParse(text === undefined ? { resources: [] } : parsed(text));
  const problems = (known.data?.resources ?? []).flatMap(({ type, instances }): Problem[] => {
    const what = WHAT[type];
    const { attributes, status } = instances[0] ?? {};
    if (what === undefined || attributes === undefined || status === 'tainted') return [];
    const differs = (key: string, wanted: string | undefined) =>
      wanted !== undefined && attributes[key] !== undefined && attributes[key] !== wanted;
    const moved = [
      ...(differs('region', region) ? [`region ${attributes.region} → ${region}`] : []),
      ...(type === 'digitalocean_droplet' && differs('vpc_uuid', vpc)
        ? [`vpc ${attributes.vpc_uuid} → ${vpc}`]
        : []),
    ];
    if (moved.length === 0) return [];
    return [
      {
        path: `clusters.${name}`,
        message: `${what} would be replaced by a new one (${moved.join(', ')})`,
        hint: `Undo the change, or run clusterkit up ${name} --allow-replace.`,
      },
    ];
  });
  if (problems.length > 0) throw usageError('replacement-refused', problems);
}

const WHAT: Readonly<Record<string, string>> = {
  digitalocean_droplet: 'the droplet',
  digitalocean_volume: 'the volume with the data',
};

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
