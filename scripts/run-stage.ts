import { writeFileSync } from 'node:fs';
import { reportFailure } from '../cli/failure.js';
import { watchInterrupts } from '../cli/interrupts.js';
import { KitError, usageError } from '../lib/errors.js';
import { STAGE_INPUTS } from '../targets/common/stages/input.js';
import { type OnStep, stepLine } from '../targets/common/stages/step-log.js';

/** What Terraform calls inside an apply: `run-stage.js <stage> <input as JSON>`. */
const stages: Record<string, (input: unknown, signal: AbortSignal) => Promise<string>> = {
  sweep: async (input) => {
    const { sweep } = await import('../targets/docker/stages/sweep.js');
    return `${await sweep(STAGE_INPUTS.sweep.parse(input))} left-over objects removed`;
  },
  forget: async (input) => {
    const { forget } = await import('../targets/docker/stages/sweep.js');
    return `${await forget(STAGE_INPUTS.forget.parse(input))} left-over objects removed`;
  },
  'sweep-droplet': async (input, signal) => {
    const { sweepDroplet } = await import('../targets/droplet/stages/sweep.js');
    const parsed = STAGE_INPUTS['sweep-droplet'].parse(input);
    const removed = await sweepDroplet(parsed, await accountApi(signal), signal);
    return `${removed} left-over objects removed`;
  },
  'forget-droplet': async (input, signal) => {
    const { forgetDroplet } = await import('../targets/droplet/stages/sweep.js');
    const parsed = STAGE_INPUTS['forget-droplet'].parse(input);
    const { removed } = await forgetDroplet(parsed, await accountApi(signal), signal);
    return `${removed} left-over objects removed`;
  },
  'managed-database': async (input, signal) => {
    const { manageDatabase } = await import('../targets/droplet/stages/managed-database.js');
    const parsed = STAGE_INPUTS['managed-database'].parse(input);
    await manageDatabase(parsed, await accountApi(signal), signal, tell);
    return 'managed database online';
  },
  'drop-database': async (input, signal) => {
    const { dropDatabase } = await import('../targets/droplet/stages/drop-database.js');
    const parsed = STAGE_INPUTS['drop-database'].parse(input);
    return `${await dropDatabase(parsed, await accountApi(signal), signal)} managed databases removed`;
  },
  'release-database': async (input, signal) => {
    const { endInWords, prepareRelease } = await import(
      '../targets/common/stages/release-database.js'
    );
    const parsed = STAGE_INPUTS['release-database'].parse(input);
    const giveBack = await prepareRelease(parsed, process.env);
    const end = await giveBack?.(signal);
    if (end === undefined) return 'there is no database to give back';
    // A kit that started Terraform tells it in its own words.
    const file = process.env.CLUSTERKIT_RELEASE_FILE;
    if (file !== undefined) writeFileSync(file, JSON.stringify(end), { mode: 0o600 });
    return endInWords(end, parsed.external);
  },
  configure: async (input) => {
    const { configure } = await import('../targets/common/stages/configure.js');
    await configure(STAGE_INPUTS.configure.parse(input), process.env);
    return 'configuration handed over';
  },
  install: async (input, signal) => {
    const { install } = await import('../targets/droplet/stages/install.js');
    await install(STAGE_INPUTS.install.parse(input), signal, tell, process.env);
    return 'installed';
  },
  'await-database': async (input, signal) => {
    const { awaitDatabaseOf } = await import('../targets/common/stages/await-database.js');
    await awaitDatabaseOf(STAGE_INPUTS['await-database'].parse(input), signal);
    return 'database answers';
  },
  register: async (input, signal) => {
    const { register } = await import('../targets/common/stages/register.js');
    const { server, entry } = await register(STAGE_INPUTS.register.parse(input), signal, tell);
    return `server ${server.version} answers, refuses strangers; registry entry ${entry}`;
  },
  release: async (input) => {
    const { release } = await import('../targets/common/stages/release.js');
    return `registry entry ${await release(STAGE_INPUTS.register.parse(input))}`;
  },
};

const tell: OnStep = (end) => void process.stdout.write(`${stepLine(end)}\n`);

/** The account that Terraform's provider works on as well: both read the same variables. */
async function accountApi(signal: AbortSignal) {
  const { apiAccess } = await import('../clients/digitalocean/access.js');
  const { openApi } = await import('../clients/digitalocean/api.js');
  return openApi(apiAccess(process.env), { signal });
}

process.umask(0o077);
const interrupts = watchInterrupts(process);
try {
  const [name = '', json = '{}'] = process.argv.slice(2);
  const stage = stages[name];
  if (stage === undefined) {
    throw usageError('stage-unknown', {
      message: `'${name}' is none of ${Object.keys(stages).join(', ')}`,
    });
  }
  process.stdout.write(`${await stage(JSON.parse(json), interrupts.signal)}\n`);
} catch (error) {
  // Terraform would only tell the exit code: the kit that started it reads the rest from here.
  const file = process.env.CLUSTERKIT_FAILURE_FILE;
  if (file !== undefined && error instanceof KitError) {
    const { code, exitCode, problems } = error;
    writeFileSync(file, JSON.stringify({ code, exitCode, problems }), { mode: 0o600 });
  }
  process.exitCode = reportFailure(
    error,
    [],
    interrupts.received(),
    process.stdout,
    process.stderr,
  );
} finally {
  interrupts.stop();
}
