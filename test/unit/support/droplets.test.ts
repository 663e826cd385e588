import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { automountFiles, mountPoint } from '../../support/digitalocean/droplets/automount.js';
import { firewallRuleset } from '../../support/digitalocean/droplets/firewall-ruleset.js';
import { hasEnded, ownerOf } from '../../support/digitalocean/droplets/owner.js';
import { Numbers } from '../../support/digitalocean/droplets/subnet.js';

describe('the ruleset of a droplet', () => {
  it('drops what no rule names, in both directions, and nothing that does not cross eth0', () => {
    const ruleset = firewallRuleset(
      {
        inbound: [
          {
            protocol: 'tcp',
            ports: { first: 22, last: 22 },
            addresses: ['198.51.100.7', '2001:db8::/32'],
          },
          { protocol: 'icmp', ports: { first: 0, last: 65535 }, addresses: ['0.0.0.0/0'] },
        ],
        outbound: [],
      },
      'one',
    );
    expect(ruleset).toBe(`table inet digitalocean { flags owner; }
delete table inet digitalocean
table inet digitalocean {
  flags owner;
  comment "one"
  chain inbound {
    type filter hook prerouting priority -150; policy accept;
    iifname != "eth0" accept
    ct state established,related accept
    ip saddr 198.51.100.7 tcp dport 22-22 accept
    ip6 saddr 2001:db8::/32 tcp dport 22-22 accept
    ip saddr 0.0.0.0/0 meta l4proto icmp accept
    drop
  }
  chain outbound {
    type filter hook postrouting priority -150; policy accept;
    oifname != "eth0" accept
    ct state established,related accept
    drop
  }
}
`);
  });

  it('has no chains where no firewall is attached', () => {
    expect(firewallRuleset(undefined, 'none')).not.toMatch(/chain|drop/);
  });
});

it('the owner of a run has ended when the process has, and not before', async () => {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' });
  const owner = ownerOf(child.pid ?? 0);
  expect([hasEnded(owner), hasEnded(ownerOf(process.pid))]).toEqual([false, false]);
  child.kill('SIGKILL');
  await once(child, 'close');
  expect([hasEnded(owner), hasEnded(''), hasEnded('pid:[1] 1 1')]).toEqual([true, false, false]);
});

it('a volume is mounted where DigitalOcean mounts it', () => {
  expect(mountPoint('volume-nyc1-01')).toBe('/mnt/volume_nyc1_01');
  expect(automountFiles('volume-nyc1-01', 'ext4').map(({ path }) => path)).toEqual([
    '/etc/systemd/system/mnt-volume_nyc1_01.mount',
    '/etc/systemd/system/multi-user.target.d/mnt-volume_nyc1_01.mount.conf',
  ]);
});

it('an address that is free again is the next one', () => {
  const numbers = new Numbers(10, 12);
  expect([numbers.take(), numbers.take(), numbers.take()]).toEqual([10, 11, 12]);
  expect(() => numbers.take()).toThrow('all of 10 to 12 are in use');
  numbers.free(11);
  expect(numbers.take()).toBe(11);
});
