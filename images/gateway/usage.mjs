// For `clusterkit status`: prints the gateway's usage report, or the reason for its absence on stderr.
const port = process.env.GATEWAY_ADMIN_PORT ?? '9464';
try {
  const response = await fetch(`http://127.0.0.1:${port}/usage`, {
    signal: AbortSignal.timeout(5000),
  });
  const text = await response.text();
  if (response.ok) process.stdout.write(text);
  else throw new Error(JSON.parse(text).error);
} catch (error) {
  process.stderr.write(`${error.cause?.code ?? error.message}\n`);
  process.exitCode = 1;
}
