// Healthy means: the gateway takes requests. The server behind it has a health check of its own.
const port = process.env.GATEWAY_ADMIN_PORT ?? '9464';
const response = await fetch(`http://127.0.0.1:${port}/healthz`, {
  signal: AbortSignal.timeout(4000),
}).catch(() => undefined);
process.exit(response?.ok ? 0 : 1);
