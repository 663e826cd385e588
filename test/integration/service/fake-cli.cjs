#!/usr/bin/env node
// A Prisma 1 CLI for tests, which does what FAKE_CLI says. It reads the registry and prisma.yml as
// CLIs up to 1.8 do, and notes what it was given in the file that FAKE_CLI_NOTES names.
const { readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { homedir } = require('node:os');

const say = (text) => process.stdout.write(`${text}\n`);
const yml = readFileSync('prisma.yml', 'utf8');
const registry = readFileSync(join(homedir(), '.prisma', 'config.yml'), 'utf8');
writeFileSync(
  process.env.FAKE_CLI_NOTES,
  JSON.stringify({
    argv: process.argv.slice(2),
    cwd: process.cwd(),
    pid: process.pid,
    env: process.env,
    yml,
    registry,
  }),
);
const settingOf = (key) => new RegExp(`^${key}: *([^\\s#]+)`, 'm').exec(yml)?.[1];
const name = `${settingOf('service')}/${settingOf('stage')}`;
const post = (path, query, end = '') => {
  const block = registry.slice(registry.indexOf(settingOf('cluster')));
  const [, host] = /host"?: ?["']?(https?:[^"'\s]+)/.exec(block);
  return fetch(`${host}/${path}/${name}${end}`, {
    method: 'POST',
    body: JSON.stringify({ query }),
  });
};

const behaviours = {
  deploy: () => post('deploy', readFileSync('datamodel.graphql', 'utf8')),
  lie: () => {},
  // A CLI that waits for a migration which never ends, as all of them do.
  hang: async () => {
    await post('deploy', 'type Nothing { id: ID! @unique }', '?pending');
    return new Promise(() => setInterval(() => {}, 1000));
  },
  pending: () => post('deploy', 'type Nothing { id: ID! @unique }', '?pending'),
  create: () => post('create', ''),
  fail: () => process.exit(7),
  stdin: () =>
    new Promise((resolve) => process.stdin.resume().on('end', resolve)).then(behaviours.deploy),
  wait: () => {
    process.on('SIGINT', () => process.exit(1));
    process.on('SIGTERM', () => process.exit(1));
    say('waiting');
    return new Promise(() => setInterval(() => {}, 1000));
  },
};
say('fake CLI at work');
process.stderr.write('and its stderr\n');
Promise.resolve(behaviours[process.env.FAKE_CLI]()).then(() => say('live'));
