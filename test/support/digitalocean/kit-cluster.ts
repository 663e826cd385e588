import { randomBytes } from 'node:crypto';
import {
  accountName,
  clusterTag,
  projectDescription,
} from '../../../stacks/droplet/account-names.js';
import type { apiForTest } from './api/api-for-test.js';

type Call = Awaited<ReturnType<typeof apiForTest>>['call'];

/** A public key in OpenSSH's form; nobody has its private half. */
export const newPublicKey = () =>
  `ssh-ed25519 ${Buffer.concat([
    Buffer.from([0, 0, 0, 11]),
    Buffer.from('ssh-ed25519'),
    Buffer.from([0, 0, 0, 32]),
    randomBytes(32),
  ]).toString('base64')}`;

/** Puts on the account what a cluster consists of, with an address and a project. Gives the ids. */
export async function putCluster(call: Call, cluster: string, publicKey = newPublicKey()) {
  const tags = ['clusterkit', clusterTag(cluster)];
  const made = async (path: string, body: unknown) => {
    const answer = await call('POST', path, body);
    if (answer.status > 299) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const { ssh_key } = await made('/v2/account/keys', {
    name: accountName(cluster, 'login'),
    public_key: publicKey,
  });
  const { volume } = await made('/v2/volumes', {
    name: accountName(cluster, 'data'),
    region: 'fra1',
    size_gigabytes: 10,
    tags,
  });
  const { droplet } = await made('/v2/droplets', {
    name: accountName(cluster, 'droplet'),
    region: 'fra1',
    size: 's-1vcpu-2gb',
    image: 'ubuntu-24-04-x64',
    ssh_keys: [ssh_key.id],
    volumes: [volume.id],
    tags,
  });
  const { firewall } = await made('/v2/firewalls', {
    name: accountName(cluster, 'firewall'),
    tags: [clusterTag(cluster)],
    inbound_rules: [{ protocol: 'tcp', ports: '22', sources: { addresses: ['203.0.113.7'] } }],
  });
  // Creation is over when it is looked at.
  await call('GET', `/v2/droplets/${droplet.id}`);
  const { reserved_ip } = await made('/v2/reserved_ips', { droplet_id: droplet.id });
  const { project } = await made('/v2/projects', {
    name: `ck-test ${cluster}`,
    description: projectDescription(cluster),
    purpose: 'Service or API',
  });
  const urns = [`do:droplet:${droplet.id}`, `do:volume:${volume.id}`];
  await made(`/v2/projects/${project.id}/resources`, { resources: urns });
  return {
    droplet: String(droplet.id as number),
    volume: volume.id as string,
    firewall: firewall.id as string,
    key: String(ssh_key.id as number),
    address: reserved_ip.ip as string,
    project: project.id as string,
  };
}
