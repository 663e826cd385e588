import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const state = z.object({ outputs: z.record(z.string(), z.object({ value: z.unknown() })) });

/** The outputs of a state file that are texts; none where there is no file that can be understood. */
export async function outputsInState(path: string): Promise<Readonly<Record<string, string>>> {
  try {
    const { outputs } = state.parse(JSON.parse(await readFile(path, 'utf8')));
    const texts = Object.entries(outputs).flatMap(([name, { value }]) =>
      typeof value === 'string' ? [[name, value] as const] : [],
    );
    return Object.fromEntries(texts);
  } catch {
    return {};
  }
}
