import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

/**
 * Reads a file below `templates/` of the checkout that contains this code, as source, compiled or bundled.
 */
export async function readTemplate(name: string): Promise<string> {
  const path = `templates/${name}`;
  for (let place = new URL('.', import.meta.url); ; place = new URL('..', place)) {
    const file = new URL(path, place);
    if (existsSync(file)) return readFile(file, 'utf8');
    if (place.pathname === '/') throw new Error(`there is no ${path} above ${import.meta.url}`);
  }
}
