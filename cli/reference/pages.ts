import { clustersJsonSchema } from '../../targets/clusters-file/json-schema.js';
import { ALL_VERBS } from '../all-verbs.js';
import { createProgram } from '../program.js';
import { clustersPage, type Schema } from './clusters-page.js';
import { commandsPage } from './commands-page.js';

/** The pages of `docs/reference/` that come from the program, by file name. */
export function generatedPages(): Readonly<Record<string, string>> {
  const program = createProgram('', ALL_VERBS, () => async () => {}, process);
  return {
    'commands.md': commandsPage(program),
    'clusters-yml.md': clustersPage(clusterSchema()),
  };
}

function clusterSchema(): Schema {
  const { properties } = clustersJsonSchema() as {
    properties: { clusters: { additionalProperties: Schema } };
  };
  return properties.clusters.additionalProperties;
}
