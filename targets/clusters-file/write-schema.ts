import { mkdirSync, writeFileSync } from 'node:fs';
import { clustersJsonSchema } from './json-schema.js';

/** Writes the JSON Schema of `clusters.yml` for editors: `npm run schema`. */
const directory = new URL('../../../templates/', import.meta.url);
mkdirSync(directory, { recursive: true });
writeFileSync(
  new URL('clusters.schema.json', directory),
  `${JSON.stringify(clustersJsonSchema(), null, 2)}\n`,
);
