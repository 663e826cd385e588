/** Does a container not start because its network was made anew? It keeps the id of the one that it was made in. */
export const isNetworkGone = (error: unknown): boolean =>
  error instanceof Error && /network \S+ not found/.test(error.message);
