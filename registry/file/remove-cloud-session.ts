import { removeCloudSessionText } from './edit-registry-text.js';
import { type ChangeOptions, changeRegistry } from './registry-transaction.js';

/** Removes `cloudSessionKey`, and nothing else, from the registry at `path`. */
export async function removeCloudSession(
  path: string,
  options: ChangeOptions = {},
): Promise<'removed' | 'absent'> {
  return changeRegistry(path, options, ({ parsed }) => {
    const text = removeCloudSessionText(parsed);
    return { result: text === parsed.text ? 'absent' : 'removed', text };
  });
}
