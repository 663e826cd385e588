import type { Release } from './document/document.js';
import type { FoundEdge } from './edge/find-edges.js';

/** Why requests do not reach a release at the edge; `undefined`: they do, or it receives none. */
export function edgeProblem(
  { port, published }: Pick<Release, 'port' | 'published'>,
  edges: readonly Pick<FoundEdge, 'number' | 'ports' | 'isRunning'>[],
): string | undefined {
  if (port === undefined) return undefined;
  const isMeant = (edge: (typeof edges)[number]) =>
    published === undefined ? edge.number === 1 : edge.ports.includes(published);
  const edge = edges.find(isMeant);
  const which = published === undefined ? 'the edge' : `the edge of port ${published}`;
  if (edge === undefined) return `${which} is absent`;
  return edge.isRunning ? undefined : `${which} does not run`;
}
