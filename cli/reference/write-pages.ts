import { writeFileSync } from 'node:fs';
import { generatedPages } from './pages.js';

/** Writes the generated pages of `docs/reference/`: `npm run docs`. */
const directory = new URL('../../../docs/reference/', import.meta.url);
for (const [name, text] of Object.entries(generatedPages())) {
  writeFileSync(new URL(name, directory), text);
}
