// Loaded into the real Prisma CLIs by --require: they phone home (statistics, error reports, version
// checks, hosted clusters that are gone). Whatever does not lead to this machine is refused before a
// name is looked up, and noted in the file named by LOOPBACK_ONLY_LOG. LOOPBACK_ONLY_ALSO names one
// more address that a test made.
const { appendFileSync } = require('node:fs');
const net = require('node:net');

const isLoopback = (host) =>
  /^(localhost|127(\.\d+){3}|::1|::ffff:127(\.\d+){3})$/.test(host) ||
  host === process.env.LOOPBACK_ONLY_ALSO;

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function connectToLoopback(...args) {
  const normalized = Array.isArray(args[0]) ? args[0] : args;
  const first = normalized[0];
  const options = typeof first === 'object' ? first : { port: first, host: normalized[1] };
  const host = typeof options.host === 'string' ? options.host : 'localhost';
  if (options.path || isLoopback(host)) return connect.apply(this, args);
  if (process.env.LOOPBACK_ONLY_LOG) appendFileSync(process.env.LOOPBACK_ONLY_LOG, `${host}\n`);
  process.nextTick(() => this.destroy(new Error(`refused: ${host} is not this machine`)));
  return this;
};
