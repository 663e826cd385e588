import { type ASTNode, type DocumentNode, print, visit } from 'graphql';

/**
 * Translates a query of CLIs up to 1.7 for servers from 1.27 on: `clusterInfo` becomes
 * `serverInfo`, and is answered under its old name. Everything else is the same.
 */
export const renewNames = (document: DocumentNode): string =>
  print(
    visit(document, {
      Field(field, _key, _parent, _path, ancestors) {
        if (field.name.value !== 'clusterInfo' || depth(ancestors) > 1) return undefined;
        return {
          ...field,
          name: { ...field.name, value: 'serverInfo' },
          alias: field.alias ?? field.name,
        };
      },
    }),
  );

/** The number of selections around a node; ancestors are nodes and lists of nodes. */
const depth = (ancestors: readonly (ASTNode | readonly ASTNode[])[]): number =>
  ancestors.filter((node) => 'kind' in node && node.kind === 'SelectionSet').length;
