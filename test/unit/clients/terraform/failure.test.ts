import { describe, expect, it } from 'vitest';
import { terraformFailure } from '../../../../clients/terraform/failure.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

const diagnostic = (severity: string, summary: string, detail = '', address?: string) => ({
  type: 'diagnostic',
  '@message': '',
  diagnostic: { severity, summary, detail, ...(address && { address }) },
});

async function failureOf(
  events: readonly ReturnType<typeof diagnostic>[],
  text = '',
): Promise<{ code: string; messages: string[]; path: string | undefined; directory: string }> {
  const directory = await temporaryDirectory();
  const { code, problems } = await terraformFailure('apply', { events, text }, { directory });
  const messages = problems.map(({ message }) => message);
  return { code, messages, path: problems[0]?.path, directory };
}

describe('terraformFailure', () => {
  it('names errors, wherever they stand, and no warning', async () => {
    const events = [
      diagnostic('warning', 'Deprecated', 'later'),
      diagnostic('error', 'Unable to create', 'why', 'docker_container.server'),
    ];
    const text = '╷\n│ Warning: Unable to open CLI configuration file\n╵\n╷\n│ Error: no plugin\n╵';
    const { code, messages, path } = await failureOf(events, text);
    expect([code, path]).toEqual(['terraform-failed', 'server']);
    expect(messages).toEqual(['Unable to create: why', 'no plugin']);
  });

  it.each([
    [
      'an error',
      [diagnostic('error', 'Failed to save state', 'write x: no space left on device')],
      '',
    ],
    ['a stage', [diagnostic('error', 'local-exec provisioner error', 'ENOSPC: no space left')], ''],
    ['a quota', [], 'Error: write /x: disk quota exceeded'],
    ['plain text', [], 'write /x: No space left on device'],
  ])('calls a full disk that, as told by %s', async (_, events, text) => {
    const { code, messages, path, directory } = await failureOf(events, text);
    expect([code, messages, path]).toEqual([
      'disk-full',
      ['no space is left on this disk'],
      directory,
    ]);
  });

  it('shows the last words where nothing is called an error, and no JSON', async () => {
    const text = '{"version":4,\n  "resources": []\n}\nTerraform crashed\nsorry';
    expect((await failureOf([], text)).messages).toEqual([
      'terraform apply failed: Terraform crashed\nsorry',
    ]);
    expect((await failureOf([])).messages).toEqual(['terraform apply failed: without a reason']);
  });
});
