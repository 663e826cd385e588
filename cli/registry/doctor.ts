import { EXIT } from '../../lib/errors.js';
import { printableLine } from '../../lib/printable.js';
import { shellWords } from '../../lib/shell-words.js';
import { type Finding, isTrouble } from '../../registry/doctor/finding.js';
import { type Diagnosis, runDoctor } from '../../registry/doctor/run-doctor.js';
import type { Context, SharedOptions } from '../context.js';
import { withCall } from '../kit-call.js';
import { registryInputs } from './inputs.js';

/** The options of `doctor`. */
export interface DoctorOptions extends SharedOptions {
  readonly fix?: boolean;
  readonly offline?: boolean;
}

/**
 * `clusterkit doctor [--fix]`: finds problems of the registry, its entries and their servers. Ends with
 * 4 while findings of severity `error` or `warning` remain.
 */
export async function doctor(context: Context, options: DoctorOptions): Promise<number> {
  const { env, platform, report } = context;
  const inputs = {
    ...registryInputs(context, 'doctor'),
    command: 'clusterkit doctor',
    env,
    platform,
  };
  const wish = { fix: options.fix === true, offline: options.offline === true };
  const { findings, fixed, diff } = await runDoctor(wish, inputs);
  const shown = (list: readonly Finding[]) => list.map((each) => withCommand(each, context));
  const healthy = !findings.some(isTrouble);
  report.json({
    registry: inputs.registry,
    healthy,
    findings: shown(findings),
    fixed: shown(fixed),
    diff,
  });
  report.say(withCall(inWords({ findings, fixed, diff }, context), context.call));
  return healthy ? EXIT.done : EXIT.finding;
}

/** A finding as `--json` shows it: stable keys, the command as one string. */
function withCommand({ mend, entry, ...finding }: Finding, context: Context) {
  return { ...finding, entry: entry ?? null, mend: mend ? commandOf(mend, context) : null };
}

/** The command, for the registry of this invocation. */
function commandOf(mend: readonly string[], { registryFlag }: Context): string {
  const ours = mend[0] === 'clusterkit' && registryFlag !== undefined;
  return shellWords(ours ? [...mend, '--registry', registryFlag] : mend);
}

function inWords({ findings, fixed, diff }: Diagnosis, context: Context): string {
  const repaired = fixed.map(
    ({ code, entry, path }) => `fixed    ${code}  ${printableLine(entry ?? path)}`,
  );
  const parts = [...repaired, ...(diff ? [diff.trimEnd()] : [])];
  const found = findings.map(({ severity, code, entry, path, message, mend }) =>
    [
      `${severity.padEnd(8)} ${code}  ${printableLine(entry === undefined ? path : `${entry} (${path})`)}`,
      `         ${printableLine(message)}`,
      ...(mend ? [`         → ${commandOf(mend, context)}`] : []),
    ].join('\n'),
  );
  const count = (severity: string) => findings.filter((each) => each.severity === severity).length;
  const summary = findings.some(isTrouble)
    ? `${count('error')} error(s), ${count('warning')} warning(s).`
    : 'The registry has no problems.';
  return [...parts, ...found, summary].join('\n');
}
