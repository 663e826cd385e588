import { diskFull, isDiskFull, isFull } from '../../lib/disk-full.js';
import { environmentError, type KitError } from '../../lib/errors.js';
import { type Diagnostic, diagnosticsIn } from './diagnostics.js';
import type { TerraformResult, TerraformRun } from './run-terraform.js';

/** Lines of Terraform's text that an error shows when none of them is called an error. */
const LAST_LINES = 5;

/**
 * Why a run of Terraform failed: its errors, and no warnings. A full disk is called that, also when it left Terraform
 * no room for a reason.
 *
 * @param code of the error. @default 'terraform-failed'
 */
export async function terraformFailure(
  verb: string,
  { events, text }: Pick<TerraformResult, 'events' | 'text'>,
  { directory }: Pick<TerraformRun, 'directory'>,
  { code = 'terraform-failed', hint }: { readonly code?: string; readonly hint?: string } = {},
): Promise<KitError> {
  const all = [...events.flatMap(({ diagnostic: d }) => (d ? [d] : [])), ...diagnosticsIn(text)];
  const errors = all.filter(({ severity }) => severity === 'error');
  if (isDiskFull(messagesOf(errors)) || isDiskFull(text)) return diskFull(directory);
  if (errors.length > 0) {
    return environmentError(
      code,
      errors.map((error) => ({
        ...(error.address && { path: shortName(error.address) }),
        message: messageOf(error),
        ...(hint !== undefined && { hint }),
      })),
    );
  }
  if (await isFull(directory)) return diskFull(directory);
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !/^[{}[\]",\s]/.test(line));
  const reason = lines.slice(-LAST_LINES).join('\n') || 'without a reason';
  return environmentError(code, {
    message: `terraform ${verb} failed: ${reason}`,
    ...(hint !== undefined && { hint }),
  });
}

const messageOf = ({ summary, detail }: Diagnostic) => [summary, detail].filter(Boolean).join(': ');
const messagesOf = (diagnostics: readonly Diagnostic[]) => diagnostics.map(messageOf).join('\n');

/**
 * `docker_container.server` and `terraform_data.register` are shown as `server` and `register`,
 * `digitalocean_volume_attachment.data` as `data attachment`.
 */
export const shortName = (address: string) =>
  address.replace(/^[a-z_]+?(?:_(attachment|assignment))?\.(.*)$/, (_, link, name) =>
    link === undefined ? name : `${name} ${link}`,
  );
