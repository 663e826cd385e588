import { z } from 'zod';

const values = z.record(z.string(), z.unknown()).nullable();
const document = z.object({
  resource_changes: z
    .array(
      z.object({
        address: z.string(),
        type: z.string(),
        action_reason: z.string().optional(),
        change: z.object({
          actions: z.array(z.string()),
          before: values,
          after: values,
          replace_paths: z.array(z.array(z.unknown())).optional(),
        }),
      }),
    )
    .default([]),
});
const labelList = z.array(z.object({ label: z.string(), value: z.string() })).catch([]);

/**
 * Why a plan replaces resources of a type: by address, the attributes that force it; of labels, `label NAME`; and
 * `tainted` for one that was never finished.
 *
 * @param plan text of `terraform show -json PLAN`; one that is no plan says nothing
 */
export function replacementsIn(plan: string, type: string): ReadonlyMap<string, readonly string[]> {
  const parsed = document.safeParse(jsonOf(plan)).data;
  const replaced = (parsed?.resource_changes ?? []).filter(
    ({ type: found, change }) =>
      found === type && change.actions.includes('delete') && change.actions.includes('create'),
  );
  return new Map(
    replaced.map(({ address, action_reason: reason, change }) => [
      address,
      reason === 'replace_because_tainted' ? ['tainted'] : reasonsOf(change),
    ]),
  );
}

type Change = z.infer<typeof document>['resource_changes'][number]['change'];

function reasonsOf({ before, after, replace_paths: paths = [] }: Change): string[] {
  const names = new Set(paths.map(([name]) => String(name)));
  return [...names].flatMap((name) => (name === 'labels' ? changedLabels(before, after) : [name]));
}

function changedLabels(before: Change['before'], after: Change['after']): string[] {
  const [old, next] = [before, after].map(
    (each) => new Map(labelList.parse(each?.labels).map(({ label, value }) => [label, value])),
  );
  const names = new Set([...(old?.keys() ?? []), ...(next?.keys() ?? [])]);
  return [...names]
    .filter((name) => old?.get(name) !== next?.get(name))
    .map((name) => `label ${name}`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
