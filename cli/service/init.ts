import { relative, resolve } from 'node:path';
import { EXIT } from '../../lib/errors.js';
import { shellWords } from '../../lib/shell-words.js';
import { readTemplate } from '../../lib/template-file.js';
import { type FolderTemplates, TEMPLATES } from '../../service/init/render-folder.js';
import { initService } from '../../service/init-service.js';
import { afterInit } from '../../service/next-steps.js';
import type { Context, SharedOptions } from '../context.js';
import { checkoutRoot, kitCall } from '../kit-call.js';
import { registryInputs } from '../registry/inputs.js';

/** `clusterkit init NAME DIR`: creates the directory of a service, ready to deploy. */
export async function init(
  context: Context,
  options: SharedOptions & { cluster?: string; cli?: string },
  name: string,
  dir: string,
): Promise<number> {
  const { env, platform, cwd, signal, report } = context;
  const directory = resolve(cwd, dir);
  const { notes, ...made } = await initService(
    { service: name, directory, cluster: options.cluster, cli: options.cli },
    {
      ...{ env, platform, signal, templates, umask: context.callersUmask },
      registry: registryInputs(context, `init ${name}`).registry,
      choose: context.canAsk && !context.yes ? () => choose(context) : undefined,
      call: kitCall({ root: checkoutRoot(), cwd: directory, path: env.PATH }),
    },
  );
  for (const note of notes) report.warn(note);
  const near = relative(cwd, directory);
  const next = afterInit(
    { directory: directory === cwd ? '.' : shellWords([near]), cluster: made.cluster },
    context.call,
  );
  report.json({ ...made, notes, next });
  const place = made.server === null ? '' : `, for server ${made.server}`;
  report.say(
    [
      `Service ${name} is in ${directory}: CLI ${made.cli.name}@${made.cli.version}${place}. Next:`,
      ...next.map((line) => `  ${line}`),
    ].join('\n'),
  );
  return EXIT.done;
}

const choose = async (context: Context) =>
  (await import('./choose-cluster.js')).chooseCluster(context, 'init');

async function templates(): Promise<FolderTemplates> {
  const texts = await Promise.all(
    TEMPLATES.map(async (name) => [name, await readTemplate(`service/${name}`)]),
  );
  return Object.fromEntries(texts) as FolderTemplates;
}
