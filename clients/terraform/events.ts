import { z } from 'zod';

const hook = z.object({
  resource: z.object({ addr: z.string() }),
  action: z.string().optional(),
  elapsed_seconds: z.number().optional(),
  output: z.string().optional(),
});
const change = z.object({
  resource: z.object({ addr: z.string() }),
  action: z.string(),
  /** Why it is replaced or removed, such as `cannot_update` or `tainted`. */
  reason: z.string().optional(),
});
const diagnostic = z.object({
  severity: z.string(),
  summary: z.string(),
  detail: z.string().optional(),
  address: z.string().optional(),
});
const event = z.object({
  type: z.string(),
  '@message': z.string(),
  '@timestamp': z.string().optional(),
  hook: hook.optional().catch(undefined),
  change: change.optional(),
  diagnostic: diagnostic.optional(),
});

/** One line of Terraform's machine-readable output (`-json`). */
export type TerraformEvent = z.infer<typeof event>;

/** Parses one line; `undefined` when it is not an event. */
export function parseEvent(line: string): TerraformEvent | undefined {
  try {
    return event.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

/** A planned change: `create`, `update`, `delete` or `replace` of an address. */
export interface PlannedChange {
  readonly address: string;
  readonly action: string;
  /** What changes of an object that is replaced, in words. @default - not known */
  readonly because?: readonly string[];
}

/** The changes of a plan, without reads and no-ops. */
export function plannedChanges(events: readonly TerraformEvent[]): PlannedChange[] {
  return events
    .filter(({ type, change }) => type === 'planned_change' && change !== undefined)
    .map(({ change }) => ({ address: change?.resource.addr ?? '', action: change?.action ?? '' }))
    .filter(({ action }) => action !== 'noop' && action !== 'read');
}
