import { createHash } from 'node:crypto';

const SCRIPT = `
const path = location.pathname.replace(/\\/$/, '');
const byId = (id) => document.getElementById(id);
const isService = path.split('/').filter(Boolean).length === 2;
byId('where').textContent = isService ? 'POST ' + path : 'POST /management';
byId('query').value = isService
  ? '{ __schema { queryType { fields { name } } mutationType { fields { name } } } }'
  : '{ __schema { queryType { fields { name } } mutationType { fields { name } } } }';
byId('run').onclick = async () => {
  const headers = { 'content-type': 'application/json' };
  const token = byId('token').value.trim();
  if (token) headers.authorization = 'Bearer ' + token;
  const body = JSON.stringify({ query: byId('query').value });
  const url = isService ? path : '/management';
  const reply = await fetch(url, { method: 'POST', headers, body }).catch(String);
  const shown = typeof reply === 'string' ? reply : JSON.stringify(await reply.json(), null, 2);
  byId('reply').textContent = shown;
};
byId('run').click();`;

const STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem }
textarea, input { box-sizing: border-box; font: 14px monospace; width: 100% }
pre { background: #f4f4f4; color: #111; overflow: auto; padding: 1rem }`;

const sha256 = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Keeps the page to itself: nothing is loaded, and it talks to this server only. */
export const PAGE_POLICY = `default-src 'none'; connect-src 'self'; script-src ${sha256(SCRIPT)}; style-src ${sha256(STYLE)}`;

/** What a person sees who opens the server, or a service, in a browser: a place to try queries. */
export const page = (version: string): string => `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>clusterkit dev server</title><style>${STYLE}</style>
<h1>clusterkit dev server</h1>
<p>Version ${version}: the small server that is bundled with clusterkit. It speaks the protocol of
Prisma 1 for local work; it is not the server of that name.</p>
<ul><li><code>/management</code>: services and deployments, with a cluster token</li>
<li><code>/&lt;service&gt;/&lt;stage&gt;</code>: the data of a service, with a token when it has a
secret (<code>prisma token</code>)</li></ul>
<p><label>Token <input id="token" autocomplete="off"></label></p>
<p><label>Query to <code id="where"></code><textarea id="query" rows="8"></textarea></label></p>
<button id="run">Run</button>
<pre id="reply"></pre>
<script>${SCRIPT}</script></html>
`;
