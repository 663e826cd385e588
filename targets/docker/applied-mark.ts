import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Engine } from '../../clients/docker/connect.js';
import type { CommandContext } from '../../cluster/context.js';
import { describeCluster } from '../../cluster/objects/describe-cluster.js';
import { imagesOf } from '../../cluster/settings/settings.js';
import { stateFileOf } from '../common/workspace.js';
import type { DockerSettings } from './settings.js';

/**
 * A mark of the last apply: a digest of all inputs and all results. While it matches, an apply has nothing
 * to do, which saves the seconds that Terraform's provider waits.
 */
const markFile = ({ project, cluster }: CommandContext) =>
  join(project.stateDir, 'state', `${cluster}.applied`);

/** Is everything unchanged since the last finished apply? */
export async function isApplied(
  settings: DockerSettings,
  context: CommandContext,
  engine: Engine,
): Promise<boolean> {
  const mark = await readFile(markFile(context), 'utf8').catch(() => undefined);
  return mark !== undefined && mark === (await digest(settings, context, engine));
}

/** Sets the mark, after the apply, the verification and the registration. */
export async function markApplied(
  settings: DockerSettings,
  context: CommandContext,
  engine: Engine,
): Promise<void> {
  await writeFile(markFile(context), await digest(settings, context, engine), { mode: 0o600 });
}

/** Removes the mark, before any change. */
export async function unmarkApplied(context: CommandContext): Promise<void> {
  await rm(markFile(context), { force: true });
}

async function digest(settings: DockerSettings, context: CommandContext, engine: Engine) {
  const parts = [
    settings,
    context.registry,
    context.project.stateDir,
    await buildId(),
    await readFile(stateFileOf(context), 'utf8').catch(() => ''),
    await describeCluster(engine, settings.name, imagesOf(settings)),
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** Changes with every build of the kit, because another build may synthesize another stack. */
const buildId = () =>
  readFile(fileURLToPath(new URL('../../.tsbuildinfo', import.meta.url)), 'utf8').catch(() => '');
