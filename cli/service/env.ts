import { randomUUID } from 'node:crypto';
import { EXIT } from '../../lib/errors.js';
import { plain, variablesOf } from '../../prisma/client-variables.js';
import type { Handover } from '../../service/hand-over.js';
import { renderDotenv } from '../../service/handover/render-dotenv.js';
import { renderGithub } from '../../service/handover/render-github.js';
import { renderSh } from '../../service/handover/variables.js';
import type { Context } from '../context.js';
import { type HandoverOptions, handoverOf } from './handover.js';

type EnvOptions = HandoverOptions & { format: 'sh' | 'dotenv' | 'json' | 'github' };

/** `clusterkit env NAME [--format F]`: prints endpoint and token as variables for other tools. */
export async function env(context: Context, options: EnvOptions, name: string): Promise<number> {
  const handover = await handoverOf(context, `env ${name}`, name, options);
  const { report } = context;
  const { cluster, endpoint, expires } = handover;
  report.json({ cluster, endpoint, expires, variables: asObject(handover) });
  const { text, masks } = written(options.format, handover);
  if (masks !== undefined) report.note(masks);
  report.say(text);
  return EXIT.done;
}

const asObject = (handover: Handover) =>
  Object.fromEntries(variablesOf(handover).map((each) => [each.name, plain(each)]));

function written(
  format: EnvOptions['format'],
  handover: Handover,
): { readonly text: string; readonly masks?: string } {
  const variables = variablesOf(handover);
  switch (format) {
    case 'sh':
      return { text: renderSh(variables, handover.misleading) };
    case 'dotenv':
      return { text: renderDotenv(variables) };
    case 'json':
      return { text: JSON.stringify(asObject(handover), null, 2) };
    case 'github': {
      const { file, masks } = renderGithub(variables, `clusterkit_${randomUUID()}`);
      return { text: file, masks };
    }
  }
}
