import type { Release } from '../../../apps/document/document.js';

/** A release for tests. */
export const aRelease = (id: string, more: Partial<Release> = {}): Release => ({
  ...{ id, revision: `rev-${id}`, image: { id: `sha256:${id}`, reference: `web:${id}` } },
  ...{ at: '2026-01-01T00:00:00.000Z', kind: 'app', instances: [`web-${id}-1`, `web-${id}-2`] },
  ...{ port: 3000, published: 4810, domains: [], timeoutMs: 60_000, drainMs: 30_000 },
  ...more,
});
