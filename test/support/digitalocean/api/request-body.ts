import type { z } from 'zod';
import { unprocessable } from './api-error.js';

/** The body as `schema` reads it, or 422 with the first thing that is wrong. Unknown keys pass. */
export function bodyOf<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue?.path.join('.') ?? '';
  throw unprocessable(
    where ? `${where}: ${issue?.message}` : (issue?.message ?? 'invalid request'),
  );
}
