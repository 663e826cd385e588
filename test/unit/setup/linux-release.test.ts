import { expect, it } from 'vitest';
import { parseLinuxRelease } from '../../../setup/apt.js';

it('reads quoted and bare values', () => {
  const text =
    'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_CODENAME=bookworm\n';
  expect(parseLinuxRelease(text)).toEqual({
    id: 'debian',
    codename: 'bookworm',
    prettyName: 'Debian GNU/Linux 12 (bookworm)',
    hasDebianPackages: true,
  });
});

it('knows that Ubuntu has the packages and Fedora has not', () => {
  expect(parseLinuxRelease("ID='ubuntu'").hasDebianPackages).toBe(true);
  expect(parseLinuxRelease('ID=fedora\nID_LIKE=debian').hasDebianPackages).toBe(false);
});

it('says linux for a file that is not there', () => {
  expect(parseLinuxRelease('')).toEqual({
    id: 'linux',
    codename: '',
    prettyName: 'linux',
    hasDebianPackages: false,
  });
});
