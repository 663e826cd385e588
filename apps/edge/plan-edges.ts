/** An edge as it is, or as it will be. */
export interface Edge {
  readonly number: number;
  readonly ports: readonly number[];
}

/** What to do about the edges of a cluster. */
export interface EdgePlan {
  /** Stay or come, with these ports. */
  readonly wanted: readonly Edge[];
  /** Numbers of those that go. */
  readonly obsolete: readonly number[];
}

/**
 * An edge keeps the ports with which it was made, because others would replace it and end its connections. Ports
 * that none has go to a further one. An edge whose ports nobody needs goes, except the first, which the proxy and
 * the gate of a deployment use.
 */
export function planEdges(existing: readonly Edge[], ports: readonly number[]): EdgePlan {
  const isNeeded = (edge: Edge) =>
    edge.number === 1 || edge.ports.some((port) => ports.includes(port));
  const kept = existing.filter(isNeeded);
  const obsolete = existing.filter((edge) => !isNeeded(edge)).map(({ number }) => number);
  const missing = [...new Set(ports)].filter(
    (port) => !kept.some((edge) => edge.ports.includes(port)),
  );
  const hasFirst = kept.some(({ number }) => number === 1);
  const number = hasFirst ? Math.max(...kept.map((edge) => edge.number)) + 1 : 1;
  const added = missing.length > 0 || !hasFirst ? [{ number, ports: missing }] : [];
  return { wanted: [...kept, ...added].sort((a, b) => a.number - b.number), obsolete };
}
