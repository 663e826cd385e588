import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import { isScalar, visit } from 'yaml';
import { applySplices, type Splice } from '../../lib/text-lines.js';
import { fingerprint } from '../file/ownership.js';
import { parseRegistry } from '../file/parse-registry.js';
import { registryOf } from '../file/read-registry.js';

/**
 * Unified diff of two registry texts for the file at `path`; empty when they are equal. Each secret is
 * replaced by its kind, so both texts must be valid.
 */
export function redactedDiff(path: string, before: string, after: string): string {
  if (before === after) return '';
  const [from, to] = [redactRegistry(before), redactRegistry(after)];
  return createTwoFilesPatch(path, path, from, to, 'before', 'after', {
    context: 2,
    headerOptions: FILE_HEADERS_ONLY,
  });
}

/** `text` with every secret replaced, in values, anchors and comments. */
export function redactRegistry(text: string): string {
  const parsed = parseRegistry(text, 'registry');
  const { entries, cloudSessionKey } = registryOf('registry', parsed);
  const known = new Set(
    [...entries.map(({ clusterSecret }) => clusterSecret), cloudSessionKey].flatMap((secret) =>
      secret ? [secret.reveal()] : [],
    ),
  );
  const splices: Splice[] = [];
  if (parsed.document) {
    visit(parsed.document, {
      Pair(_key, { key, value }) {
        if (!isScalar(key) || !isScalar(value) || !value.range) return;
        if (/secret|token|session|password|key/i.test(String(key.value)))
          known.add(String(value.value));
      },
    });
    visit(parsed.document, {
      Scalar(key, node) {
        const value = String(node.value ?? '');
        if (key === 'key' || value === '' || !node.range) return;
        if (!known.has(value) && !value.includes('PRIVATE KEY')) return;
        const [start, end] = node.range;
        const tail = text[end - 1] === '\n' ? '\n' : '';
        splices.push({ start, end, insert: `[${kindOf(value)}]${tail}` });
      },
    });
  }
  return applySplices(text, splices)
    .replace(/-----BEGIN[^\n]*/g, '[secret]')
    .replace(/^(\s*#.*(?:secret|session)\w*\s*:).*$/gim, '$1 [secret]');
}

function kindOf(value: string): string {
  const print = fingerprint(value);
  if (print === undefined) return 'secret';
  return value.includes('\\n') ? `key with backslashes, ${print}` : `key, ${print}`;
}
