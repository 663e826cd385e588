/** The page loads nothing. */
export const PAGE_POLICY = "default-src 'none'";

/**
 * The page for browsers at the address of the server or of a service.
 * @param path of the management API
 */
export const page = (version: string, path: string): string => `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>clusterkit dev server</title>
<h1>clusterkit dev server</h1>
<p>Version ${version}: the small server that is bundled with clusterkit. It speaks the protocol of
Prisma 1 for local work; it is not the server of that name.</p>
<p>It answers GraphQL by POST:</p>
<ul><li><code>${path}</code>: services and deployments, with a cluster token</li>
<li><code>/&lt;service&gt;/&lt;stage&gt;</code>: the data of a service, with a token when it has a
secret (<code>prisma token</code>)</li></ul></html>
`;
