import { access, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { TerraformRun } from '../../../clients/terraform/run-terraform.js';
import { ensureSecrets, removeSecrets } from '../../../cluster/keys/key-store.js';
import { database, server } from '../../../cluster/settings/common-schema.js';
import type { ClusterSettings } from '../../../cluster/settings/settings.js';
import { applyChanges, planChanges } from '../../../targets/common/apply.js';
import { containersOn } from '../../../targets/common/container-states.js';
import { checkRegistry } from '../../../targets/common/preflight.js';
import { commonFacts } from '../../../targets/common/stages/facts.js';
import { openWorkspace } from '../../../targets/common/workspace.js';
import { type ClusterContext, placesOf } from '../../../targets/context.js';
import type { Findings, Target } from '../../../targets/target.js';
import { ToyClusterStack } from './cluster-stack.js';
import type { ToyWorld } from './toy-world.js';

interface ToySettings extends ClusterSettings {
  readonly machines: number;
}

const MARK = 'toy';

/** A third target, as small as one can be: machines that exist in `world` alone. */
export function toyTarget(world: ToyWorld): Target<ToySettings, Findings> {
  const stackOf = (settings: ToySettings, stateFile: string) => (app: never) => {
    new ToyClusterStack(app, settings.name, { stateFile, machines: settings.machines });
  };
  const open = (settings: ToySettings | undefined, context: ClusterContext) => {
    const stack = settings && stackOf(settings, commonFacts(settings, placesOf(context)).stateFile);
    return openWorkspace(context, stack as never);
  };
  return {
    name: 'toy',
    settings: {
      shape: { target: z.literal('toy'), machines: z.int().min(1), server, database },
      complete: (entry, common) => ({
        ...common,
        machines: (entry as typeof entry & { machines: number }).machines,
      }),
    },
    runsHere: false,
    resourcePrefix: 'toy_',
    provider: 'example.org/toy/toy',
    keepData: { option: '--keep-data' },
    stages: [],
    hasMade: ({ keyDirectory }) =>
      access(join(keyDirectory, MARK)).then(
        () => true,
        () => false,
      ),
    endpoint: async ({ name }) => world.endpoint(name),
    preflight: async (_, context) => {
      await checkRegistry(context);
      return { missingImages: [], engine: undefined, warnings: [] };
    },
    plan: async (settings, context) => {
      const { changes } = await planChanges(await open(settings, context));
      return { changes };
    },
    apply: async (settings, context) => {
      const changes = await applyChanges('apply', await open(settings, context), context);
      const { publicKey = '' } = await ensureSecrets(context.keyDirectory, 'rsa');
      await writeFile(join(context.keyDirectory, MARK), '');
      const endpoint = await world.start(settings.name, settings.machines, publicKey);
      return {
        changes,
        registration: { ...commonFacts(settings, placesOf(context)), endpoint },
      };
    },
    down: async (settings, context) => {
      const count = () => world.machinesOf(context.cluster).length;
      let run: TerraformRun | undefined;
      return {
        inspect: async () => ({ count: count(), hasData: false }),
        prepare: async () => {
          run = await open(settings, context);
        },
        destroy: async () => {
          if (run !== undefined) await applyChanges('destroy', run, context);
        },
        sweep: async () => world.stop(context.cluster),
        forget: async () => {
          await rm(join(context.keyDirectory, MARK), { force: true });
          await removeSecrets(context.keyDirectory);
        },
      };
    },
    status: async (settings, { cluster }) => ({
      containers: await containersOn(world.machinesOf(cluster), settings),
      problems: [],
    }),
    applications: async () => ({
      ...{ publishIp: '127.0.0.1', address: '127.0.0.1', engine: 'here' },
      engineSocket: '/var/run/docker.sock',
    }),
    engines: async ({ keyDirectory }) => world.machinesOf(keyDirectory.split('/').at(-1) ?? ''),
    stack: async (settings, { places }) =>
      stackOf(settings, commonFacts(settings, places).stateFile) as never,
  };
}
