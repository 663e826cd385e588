import { describe, expect, test } from 'vitest';
import { parseEvent, type TerraformEvent } from '../../../../clients/terraform/events.js';
import { refuseReplacement } from '../../../../clients/terraform/replacement-guard.js';
import { kitErrorOf } from '../../../support/kit-error-of.js';

/** A line of `terraform plan -json`, as Terraform 1.11 writes it. */
function planned(addr: string, action: string, reason?: string): TerraformEvent {
  const change = { resource: { addr, module: '' }, action, ...(reason && { reason }) };
  const line = JSON.stringify({ '@message': `${addr}: Plan`, type: 'planned_change', change });
  const event = parseEvent(line);
  if (event === undefined) throw new Error(`no event: ${line}`);
  return event;
}
const refused = { cluster: 'one', isAllowed: false };
const DROPLET = 'digitalocean_droplet.droplet';
const VOLUME = 'digitalocean_volume.data';

describe('refuseReplacement', () => {
  test('defaults: a plan that makes, changes in place, or replaces what holds nothing', () => {
    refuseReplacement(
      [
        planned(DROPLET, 'create'),
        planned(DROPLET, 'update'),
        planned(VOLUME, 'update'),
        planned('terraform_data.install', 'replace', 'replace_triggered_by'),
        planned('digitalocean_volume_attachment.data', 'replace', 'cannot_update'),
        planned('digitalocean_ssh_key.login', 'replace', 'cannot_update'),
        planned('digitalocean_firewall.firewall', 'delete'),
      ],
      refused,
    );
  });

  test('defaults: a droplet that was never finished may be made anew', () => {
    refuseReplacement([planned(DROPLET, 'replace', 'tainted')], refused);
  });

  test('custom: replacement is allowed', () => {
    refuseReplacement([planned(DROPLET, 'replace', 'cannot_update'), planned(VOLUME, 'delete')], {
      cluster: 'one',
      isAllowed: true,
    });
  });

  test('fails with everything that would go, at once', async () => {
    const events = [
      planned(DROPLET, 'replace', 'cannot_update'),
      planned(VOLUME, 'delete', 'delete_because_no_resource_config'),
      planned('digitalocean_reserved_ip.address', 'replace', 'cannot_update'),
    ];
    const error = await kitErrorOf(() => refuseReplacement(events, refused));
    expect(error).toMatchObject({ code: 'replacement-refused', exitCode: 2 });
    expect(error.problems.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      'clusters.one: the droplet (digitalocean_droplet.droplet) would be replaced by a new one',
      'clusters.one: the volume with the data (digitalocean_volume.data) would be removed',
      'clusters.one: the reserved address (digitalocean_reserved_ip.address) would be replaced by a new one',
    ]);
    expect(error.problems[0]?.hint).toContain('--allow-replace');
  });

  test('what happened is no plan: a line of an apply is passed over', () => {
    const event = { ...planned(DROPLET, 'replace'), type: 'resource_drift' };
    refuseReplacement([event], refused);
  });
});
