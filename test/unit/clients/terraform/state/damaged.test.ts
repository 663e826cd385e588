import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  knownState,
  readState,
  requireState,
} from '../../../../../clients/terraform/state/read-state.js';
import { assertStays } from '../../../../../clients/terraform/state/replacement.js';
import { idsIn, outputsIn } from '../../../../../clients/terraform/state/state.js';
import { keyDirectory } from '../../../../../cluster/keys/key-directory.js';
import { TARGETS } from '../../../../../targets/all.js';
import { finishedAttempt } from '../../../../../targets/common/attempt.js';
import { targetIn } from '../../../../../targets/common/same-target.js';
import { inputIn } from '../../../../../targets/common/stages/input-in-state.js';
import { registerStage } from '../../../../../targets/common/stages/register.js';
import { mayHaveState, stateFileOf } from '../../../../../targets/common/workspace.js';
import { sweep } from '../../../../../targets/docker/sweep.js';
import { adoptionsOf } from '../../../../../targets/droplet/account/adopt.js';
import { forgetVanished } from '../../../../../targets/droplet/account/forget-vanished.js';
import { ownershipEvidence } from '../../../../../targets/droplet/account/ownership-evidence.js';
import { endpoint } from '../../../../../targets/droplet/status.js';
import {
  dropletContext,
  dropletSettings,
} from '../../../../support/digitalocean/droplet-context.js';
import { kitErrorOf } from '../../../../support/kit-error-of.js';
import { stateWith } from '../../../../support/terraform-state.js';

const changed = (custom: object) => JSON.stringify({ ...stateWith([]), ...custom });
const V3 = {
  version: 3,
  terraform_version: '0.11.14',
  serial: 1,
  lineage: 'x',
  modules: [{ path: ['root'], outputs: {}, resources: {}, depends_on: [] }],
};
const instance = (custom: object) =>
  changed({ resources: [{ mode: 'managed', type: 'x', name: 'x', instances: [custom] }] });

/** What may stand in the place of a state, and what is wrong with it. */
const DAMAGED: readonly (readonly [string, string, string])[] = [
  ['zeros, after a power cut', '\0'.repeat(40), 'it is not valid JSON, and may be incomplete'],
  ['truncated', changed({}).slice(0, -5), 'it is not valid JSON, and may be incomplete'],
  ['two in one', changed({}).repeat(2), 'it is not valid JSON, and may be incomplete'],
  ['null', 'null', 'it is not a JSON object'],
  ['a list', '[]', 'it is not a JSON object'],
  ['a text', '"state"', 'it is not a JSON object'],
  ['another document', '{}', 'it has no format version'],
  ['an encrypted one', '{"encrypted_data":"AA=="}', 'it has no format version'],
  ['a format in quotes', changed({ version: '4' }), 'it has no format version'],
  ['an old one', JSON.stringify(V3), 'it has format 3, and clusterkit knows format 4'],
  ['a newer one', changed({ version: 5 }), 'it has format 5, and clusterkit knows format 4'],
  [
    'resources by name',
    changed({ resources: {} }),
    'resources: Invalid input: expected array, received object',
  ],
  [
    'no resources',
    changed({ resources: undefined }),
    'resources: Invalid input: expected array, received undefined',
  ],
  [
    'resources that are none',
    changed({ resources: [null] }),
    'resources.0: Invalid input: expected object, received null',
  ],
  [
    'a resource without a type',
    changed({ resources: [{ mode: 'managed', name: 'x', instances: [] }] }),
    'resources.0.type: Invalid input: expected string, received undefined',
  ],
  [
    'instances by name',
    changed({ resources: [{ mode: 'managed', type: 'x', name: 'x', instances: {} }] }),
    'resources.0.instances: Invalid input: expected array, received object',
  ],
  [
    'an instance with a list of attributes',
    instance({ attributes: [] }),
    'resources.0.instances.0.attributes: Invalid input: expected record, received array',
  ],
  [
    'a list of outputs',
    changed({ outputs: [] }),
    'outputs: Invalid input: expected record, received array',
  ],
  [
    'a serial in words',
    changed({ serial: 'one' }),
    'serial: Invalid input: expected number, received string',
  ],
];

const CLUSTER = 'ck-test-a';
const NOTHING_SEEN = { own: [], facts: { objects: { tags: [] } } } as never;
/** Terraform must not even be asked. */
const NO_RUN = { binary: '/nowhere/terraform', directory: '/', dataDir: '/', env: {} };

/** A project whose cluster has this in the place of its state. */
async function contextWith(text: string) {
  const context = await dropletContext('http://127.0.0.1:1');
  const path = stateFileOf(context);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  return { context, path, keys: keyDirectory(context.project.stateDir, CLUSTER) };
}

describe('a damaged state file', () => {
  test.each(DAMAGED)('%s: those who change things are stopped', async (_, text, what) => {
    const { path } = await contextWith(text);
    const message = `Terraform's state cannot be understood: ${what}`;
    for (const ask of [
      async () => requireState(await readState(path, 0)),
      () => mayHaveState(path),
    ]) {
      const { code, exitCode, problems } = await kitErrorOf(ask);
      expect([code, exitCode, problems]).toEqual([
        'state-unreadable',
        3,
        [{ path, message, hint: expect.stringContaining(`${path}.backup`) }],
      ]);
    }
  });

  test.each(DAMAGED)('%s: to the others nothing is known', async (_, text) => {
    const { context, path, keys } = await contextWith(text);
    expect(knownState(await readState(path, 0))).toBeUndefined();
    const answers = await Promise.all([
      ownershipEvidence({ stateFile: path, keyDirectory: keys }).then(({ knownIds }) => knownIds),
      adoptionsOf(NOTHING_SEEN, context),
      forgetVanished(NO_RUN, path, { projects: [], reservedIps: [] }),
      endpoint(dropletSettings(), context, undefined),
      // Before it has asked the engine for anything.
      sweep({ stateFile: path } as never, undefined as never),
    ]);
    expect(answers).toEqual([undefined, [], [], null, 0]);
  });
});

describe('an empty state file is that of nothing, as it is to Terraform', () => {
  test.each(['', changed({}), '{"version":4,"resources":[]}'])('%j', async (text) => {
    const { context, path, keys } = await contextWith(text);
    const state = requireState(await readState(path, 0));
    expect(idsIn(state)).toEqual(new Set());
    expect(inputIn(state, registerStage)).toBeUndefined();
    expect(outputsIn(state)).toEqual({});
    expect(targetIn(state, TARGETS)).toBeUndefined();
    expect(finishedAttempt(state)).toBeUndefined();
    assertStays({ name: CLUSTER, region: 'nyc3' }, state);
    expect(await mayHaveState(path)).toBe(false);
    const { knownIds } = await ownershipEvidence({ stateFile: path, keyDirectory: keys });
    expect(knownIds).toEqual(new Set());
    expect(await adoptionsOf(NOTHING_SEEN, context)).toEqual([]);
  });
});
