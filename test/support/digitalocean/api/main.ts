import { startDigitalOceanApi, TEST_TOKEN } from './server.js';

/** `time` is `on` or `off`. Prints one line of JSON and serves until it is told to end. */
const [time = 'off', port = '0'] = process.argv.slice(2);
const api = await startDigitalOceanApi({
  time: time === 'on' ? 'on' : 'off',
  port: Number(port),
  control: true,
});
process.stdout.write(`${JSON.stringify({ url: api.url, token: TEST_TOKEN })}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void api.close().then(() => process.exit(0)));
}
