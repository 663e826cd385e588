import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

/**
 * Text of a file below `templates/` of the checkout that this code is part of: as it is written,
 * compiled, or bundled into another file.
 */
export async function readTemplate(name: string): Promise<string> {
  const path = `templates/${name}`;
  for (let place = new URL('.', import.meta.url); ; place = new URL('..', place)) {
    const file = new URL(path, place);
    if (existsSync(file)) return readFile(file, 'utf8');
    if (place.pathname === '/') throw new Error(`there is no ${path} above ${import.meta.url}`);
  }
}
