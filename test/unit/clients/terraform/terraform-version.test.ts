import { describe, expect, it } from 'vitest';
import { readVersion } from '../../../../clients/terraform/terraform-version.js';

describe('readVersion', () => {
  it.each([
    'Terraform v1.11.4\non linux_amd64\n+ provider registry.terraform.io/kreuzwerker/docker v4.6.0\n',
    'Terraform v1.4.0\non linux_amd64',
    'Terraform v1.15.0-beta2\non darwin_arm64',
    'Terraform v2.0.0',
    'OpenTofu v1.6.0\non linux_amd64',
    '\u001b[1mOpenTofu v1.12.6\u001b[0m\non linux_amd64',
    'Your version of Terraform is out of date!\nTerraform v1.5.7',
  ])('%j is new enough', (text) => {
    expect(readVersion(text)).toEqual({ kind: 'right' });
  });

  it.each([
    ['Terraform v1.3.9\non linux_amd64', 'Terraform', '1.3.9'],
    ['Terraform v0.12.31', 'Terraform', '0.12.31'],
    ['Terraform v0.11.15\n\nYour version of Terraform is out of date!', 'Terraform', '0.11.15'],
    ['OpenTofu v1.5.9', 'OpenTofu', '1.5.9'],
  ])('%j is too old', (text, product, version) => {
    expect(readVersion(text)).toEqual({ kind: 'old', product, version });
  });

  it.each(['', 'Packer v1.9.0', 'no version set'])('%j is no version', (text) => {
    expect(readVersion(text)).toBeUndefined();
  });
});
