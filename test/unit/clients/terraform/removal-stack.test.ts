// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform templates, not ours
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { removalStack } from '../../../../clients/terraform/removal-stack.js';
import { NO_STATE, stateDocument } from '../../../../clients/terraform/state/state.js';

const STATES = join(import.meta.dirname, '../../../fixtures/states');
const recorded = async (name: string) =>
  stateDocument.parse(JSON.parse(await readFile(join(STATES, `${name}.tfstate`), 'utf8')));
const COMMAND = {
  interpreter: ['/usr/bin/node', '/kit/run-stage.js', 'x'],
  environment: { A: '' },
};

it.each([
  ['docker-plain', 'docker'],
  ['docker-development', 'docker'],
  ['droplet-pinned', 'digitalocean'],
])('%s, made by version 0.1.0, needs its one provider and no resource', async (name, provider) => {
  const stack = removalStack('/p/${x}.tfstate', await recorded(name), {
    'release-database': COMMAND,
  });
  expect(stack.terraform.backend).toEqual({ local: { path: '/p/${x}.tfstate' } });
  expect(Object.keys(stack.terraform.required_providers)).toEqual([provider]);
  expect(stack.provider).toEqual({ [provider]: [{}] });
  expect(stack).not.toHaveProperty('resource');
});

it('runs a command for what the state has', async () => {
  const { resource } = removalStack('/s', await recorded('docker-plain'), { register: COMMAND });
  expect(resource).toEqual({
    terraform_data: {
      register: {
        provisioner: [
          {
            'local-exec': { when: 'destroy', ...COMMAND, command: '${jsonencode(self.input)}' },
          },
        ],
      },
    },
  });
});

it('takes no provider that the kit does not use, whatever the state says', () => {
  const provider = 'provider["registry.terraform.io/evil/evil"]';
  const resources = [{ mode: 'managed', type: 'evil', name: 'x', provider, instances: [] }];
  const stack = removalStack('/s', { ...NO_STATE, resources }, {});
  expect(stack).toEqual({
    terraform: { backend: { local: { path: '/s' } }, required_providers: {} },
  });
});
