import { describe, expect, test } from 'vitest';
import { readFirstBoot } from '../../../../../targets/droplet/machine/first-boot.js';

const look = (marker: string, failure: string, status: string) =>
  `marker=${marker}\nfailure=${failure}\n${status}`;

describe('readFirstBoot', () => {
  test.each([
    ['done', look('m', '', 'status: done\nextended_status: done\n')],
    ['done', look('m', '', 'status: done\nextended_status: degraded done\n')],
    ['done', look('m', '', 'status: disabled\n')],
    ['done', look('m', '', 'status: error\nerrors: none of ours\n')],
    ['running', look('', '', '\nstatus: running\ntime: Thu\n')],
    ['running', look('m', '', 'status: running\n')],
    ['running', look('', '', 'status: not started\n')],
    ['running', look('', '', 'status: not run\n')],
  ])('%s', (stage, text) => {
    expect(readFirstBoot(text, 'm')).toEqual({ stage });
  });

  test('cut: cloud-init is done, the marker is not there, or is of another first boot', () => {
    expect(readFirstBoot(look('', '', 'status: done\n'), 'm')).toEqual({
      stage: 'cut',
      detail: 'cloud-init says done, but its last step never ran',
    });
    expect(readFirstBoot(look('other', '', 'status: done\n'), 'm')).toEqual({
      stage: 'cut',
      detail: "cloud-init says done, but its marker is 'other', not 'm'",
    });
  });

  test('without a marker to look for any will do, but none will not', () => {
    expect(readFirstBoot(look('x', '', 'status: done\n'))).toEqual({ stage: 'done' });
    expect(readFirstBoot(look('', '', 'status: done\n'))).toMatchObject({ stage: 'cut' });
  });

  test('failed: by our own word, also while cloud-init runs; or by that of cloud-init', () => {
    expect(readFirstBoot(look('', 'engine ', 'status: running\n'), 'm')).toEqual({
      stage: 'failed',
      detail: 'engine',
    });
    expect(
      readFirstBoot(look('', '', 'status: error\ndetail:\n  (scripts_user, Err)\n'), 'm'),
    ).toEqual({
      stage: 'failed',
      detail: 'cloud-init says: status: error; detail:;   (scripts_user, Err)',
    });
    expect(readFirstBoot(look('', '', 'sh: 1: cloud-init: not found\n'), 'm')).toMatchObject({
      stage: 'failed',
      detail: 'cloud-init says: sh: 1: cloud-init: not found',
    });
  });
});
