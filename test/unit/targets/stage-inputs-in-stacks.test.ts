import type { TerraformStack } from 'cdktf';
import { describe, expect, test } from 'vitest';
import { TARGETS } from '../../../targets/all.js';
import { parseClusters } from '../../../targets/clusters-file/read.js';
import { selectCluster } from '../../../targets/clusters-file/select.js';
import { stageProgram } from '../../../targets/common/stack-place.js';
import { findStage } from '../../../targets/common/stages/stage.js';
import { synthesizeText } from '../../support/synthesize-text.js';

const SERVER = 'server: { image: clusterkit/dev-server:0.1.0, version: "1.8" }';
const DATABASE = 'database: { connector: postgres, image: clusterkit/postgres:15 }';
const EXTERNAL =
  'database: { external: { connector: postgres, host: db.example.com, user: a, passwordEnv: PASSWORD, caFile: ca.pem } }';
const SOURCES = 'ssh: { sources: [203.0.113.7] }, management: { sources: [203.0.113.7] }';
const DROPLET = `target: digitalocean, ${SOURCES}`;

const CLUSTERS: Readonly<Record<string, string>> = {
  plain: `target: docker, ${SERVER}, ${DATABASE}`,
  development: `target: docker, kind: development, ${SERVER}, ${DATABASE}`,
  private: `target: docker, ${SERVER}, ${EXTERNAL}`,
  droplet: `${DROPLET}, ${SERVER}, ${DATABASE}`,
  'droplet with data sources': `${DROPLET}, data: { sources: [0.0.0.0/0] }, ${SERVER}, ${DATABASE}`,
  'droplet with a domain': `${DROPLET}, domain: api.example.com, acme: { email: a@example.com, caFile: root.pem }, ${SERVER}, ${DATABASE}`,
  'droplet with a pinned certificate': `${DROPLET}, tls: pinned, reservedIp: true, ${SERVER}, ${DATABASE}`,
  'droplet with applications': `${DROPLET}, domain: api.example.com, ${SERVER}, ${DATABASE}, apps: { web: { image: nginx, domain: example.com, sources: [203.0.113.7] }, api: { image: nginx, port: 8080 } }`,
  'droplet with limits': `${DROPLET}, kind: development, ${SERVER}, ${DATABASE}`,
  'droplet with a managed database': `${DROPLET}, ${SERVER}, database: { managed: true, connector: postgres }`,
  'private droplet': `${DROPLET}, ${SERVER}, ${EXTERNAL}`,
};

describe('every stage accepts the input that the stack gives it', () => {
  test.each(Object.entries(CLUSTERS))('%s', async (_, settings) => {
    const inputs = await inputsOf(settings);
    expect(Object.keys(inputs).length).toBeGreaterThan(3);
    const stages = TARGETS.flatMap((target) => target.stages);
    for (const [name, input] of Object.entries(inputs)) {
      const result = findStage(stages, name)?.input.safeParse(input);
      expect([name, result?.error?.issues]).toEqual([name, undefined]);
    }
  });
});

/** The inputs in a stack by name of the stage, as its create- or destroy-time command receives them. */
async function inputsOf(settings: string): Promise<Record<string, unknown>> {
  const clusters = parseClusters(`clusters:\n  one: {${settings}}`, 'test');
  const complete = selectCluster(clusters, 'one');
  const target = TARGETS.find(({ name }) => name === complete.target);
  const build = await target?.stack(complete, {
    places: {
      ...{ stateDir: '/nowhere/.clusterkit', registry: '/nowhere/config.yml', attempt: 'x' },
      identity: { id: 'ours', origin: '/nowhere/.clusterkit' },
    },
    program: stageProgram(),
    env: {},
    state: undefined,
    refusal: 'only looked at',
  });
  const text = synthesizeText((app) => {
    build?.(app);
    return app.node.children[0] as TerraformStack;
  });
  const { resource } = JSON.parse(text) as {
    resource: { terraform_data: Record<string, StageResource> };
  };
  return Object.fromEntries(
    Object.values(resource.terraform_data).flatMap(({ input, provisioner = [] }) =>
      provisioner.map((each) => [each['local-exec'].interpreter[2] ?? '', resolved(input)]),
    ),
  );
}

interface StageResource {
  readonly input: object;
  readonly provisioner?: readonly { 'local-exec': { interpreter: readonly string[] } }[];
}

/** References as Terraform resolves them: the only number among them is a droplet's memory. */
const resolved = (input: object): unknown =>
  JSON.parse(
    JSON.stringify(input).replace(/"\$\{digitalocean_droplet\.droplet\.memory\}"/, '2048'),
  );
