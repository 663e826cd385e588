import { z } from 'zod';
import type { FunctionsDocument } from '../../cluster/functions/functions-document.js';

const count = z.number().int().positive();
const limit = z.number().nonnegative();

const schema = z.object({
  functions: z.record(
    z.string(),
    z.object({
      release: z.string().min(1),
      port: count.max(65_535),
      health: z.string().startsWith('/').nullish(),
      instances: z.array(z.string().min(1)),
      concurrency: count,
      queue: z.number().int().nonnegative(),
      waitMs: limit,
      timeoutMs: limit,
      idleMs: limit.nullable(),
      stopMs: limit.nullable(),
      startMs: limit.optional(),
    }),
  ),
});

/** Reads the file's text. @throws Error with what does not fit */
export function parseFunctions(text: string): FunctionsDocument {
  const read = schema.safeParse(JSON.parse(text));
  if (read.success) return read.data as FunctionsDocument;
  const [first] = read.error.issues;
  throw new Error(`${first?.path.join('.')}: ${first?.message}`);
}
