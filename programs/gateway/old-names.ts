import { type ASTNode, type DocumentNode, print, visit } from 'graphql';

/**
 * A query of CLIs up to 1.7 in the words of servers from 1.27 on: `clusterInfo` is `serverInfo` now,
 * and is answered under its old name. Everything else is the same.
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

/** How many selections a node is in; ancestors are nodes and lists of nodes. */
const depth = (ancestors: readonly (ASTNode | readonly ASTNode[])[]): number =>
  ancestors.filter((node) => 'kind' in node && node.kind === 'SelectionSet').length;
