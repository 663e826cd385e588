// Healthy means: one of the two management paths tells its version, as it would a CLI.
const port = process.env.PORT ?? '4466';

async function tellsVersion(path, query) {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
    signal: AbortSignal.timeout(4000),
  }).catch(() => undefined);
  return /"version":\s*"/.test((await response?.text()) ?? '');
}

const healthy =
  (await tellsVersion('/management', '{ serverInfo { version } }')) ||
  (await tellsVersion('/cluster', '{ clusterInfo { version } }'));
process.exit(healthy ? 0 : 1);
