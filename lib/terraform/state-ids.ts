import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const state = z.object({
  resources: z.array(
    z.object({
      type: z.string(),
      instances: z.array(
        z.object({ attributes: z.object({ id: z.string().nullish() }).nullish() }),
      ),
    }),
  ),
});

/**
 * Ids of all objects that a state file knows; empty when there is none. A file that cannot be
 * understood is left to Terraform to complain about: `undefined`, and nothing is known to be known.
 */
export async function idsInState(path: string): Promise<ReadonlySet<string> | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return new Set();
  }
  try {
    const { resources } = state.parse(JSON.parse(text));
    const ids = resources.flatMap(({ instances }) => instances.map((each) => each.attributes?.id));
    return new Set(ids.filter((id) => typeof id === 'string'));
  } catch {
    return undefined;
  }
}
