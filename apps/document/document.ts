import { z } from 'zod';

const functionSettings = z.object({
  idleMs: z.number().nullable(),
  stopMs: z.number().nullable(),
  concurrency: z.number(),
});

const release = z.object({
  /** `r1`, `r2`, … */
  id: z.string(),
  /** Keyed digest of everything that it was made from: see `apps/revision.ts`. */
  revision: z.string(),
  image: z.object({ id: z.string(), reference: z.string() }),
  /** When it began to serve, ISO 8601. */
  at: z.string(),
  kind: z.enum(['app', 'function']),
  /** Names of its containers. */
  instances: z.array(z.string()),
  /** Port on which an instance listens. Missing: it receives no requests. */
  port: z.number().optional(),
  /** Port of the machine that leads to it. */
  published: z.number().optional(),
  domains: z.array(z.string()),
  health: z.string().optional(),
  timeoutMs: z.number(),
  drainMs: z.number(),
  function: functionSettings.optional(),
});

const app = z.object({
  /** Id of the release that serves. */
  current: z.string(),
  /** Revision that a rollback left; `up` does not deploy it again. */
  held: z.string().optional(),
  /** Number of the next release. */
  next: z.number(),
  /** In the order in which they were deployed; the current one is among them. */
  releases: z.array(release),
});

const document = z.object({ version: z.literal(1), apps: z.record(z.string(), app) });

/** What is deployed beside a server: one file in the cluster's volume `apps`. Nothing in it is secret. */
export type AppsDocument = z.infer<typeof document>;
/** One application: its releases, and which of them serves. */
export type DeployedApp = z.infer<typeof app>;
/** One deployment of an application. */
export type Release = z.infer<typeof release>;

/** Nothing is deployed. */
export const NO_APPS: AppsDocument = { version: 1, apps: {} };

/** Name of the file in the volume. */
export const DOCUMENT_FILE = 'apps.json';

/** Reads a document; `undefined` when it is damaged. */
export function parseDocument(text: string): AppsDocument | undefined {
  try {
    return document.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The text of a document. */
export const documentText = (of: AppsDocument): string => `${JSON.stringify(of, null, 2)}\n`;

/** The release of an application that serves, or `undefined`. */
export const currentRelease = (of: AppsDocument, name: string): Release | undefined => {
  const found = of.apps[name];
  return found?.releases.find(({ id }) => id === found.current);
};
