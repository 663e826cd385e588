import { z } from 'zod';
import { unprocessable } from '../api-error.js';
import type { BackupPolicy, Droplet } from '../state.js';

/** When backups are made; weekly ones name a day. */
export const backupPolicyBody = z
  .object({
    plan: z.enum(['daily', 'weekly']).nullish(),
    weekday: z.enum(['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']).nullish(),
    hour: z.union([0, 4, 8, 12, 16, 20].map((hour) => z.literal(hour))).nullish(),
  })
  .nullish();

const RETENTION_DAYS = { daily: 7, weekly: 28 };
const WINDOW_HOURS = 4;

/** The policy that a request means: daily unless it says otherwise. Errors: 422. */
export function policyOf(given: z.infer<typeof backupPolicyBody>): BackupPolicy {
  const plan = given?.plan ?? 'daily';
  if (plan === 'weekly' && !given?.weekday) {
    throw unprocessable('weekday is required for the weekly backup plan');
  }
  return { plan, weekday: given?.weekday ?? undefined, hour: given?.hour ?? 0 };
}

/** A droplet's policy, as its own path gives it. */
export const backupPolicyView = ({ id, backupPolicy }: Droplet) => ({
  droplet_id: id,
  backup_enabled: backupPolicy !== undefined,
  ...(backupPolicy && {
    backup_policy: {
      ...backupPolicy,
      window_length_hours: WINDOW_HOURS,
      retention_period_days: RETENTION_DAYS[backupPolicy.plan],
    },
  }),
  next_backup_window: null,
});
