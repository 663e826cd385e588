/** The characters of an ordinary request target, after its first slash. */
const TARGET = /^\/[\x21\x24-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e]*$/;
/** A decoded segment without characters that another program could take for a separator. */
const SEGMENT = /^(?!\.{1,2}$)[^/\\\p{C}]+$/u;

/**
 * The decoded segments of a request target, without its query; `/` has none, one slash at the end
 * is accepted. `undefined` for targets that two programs could read in two ways: empty or dot
 * segments, encoded slashes, broken escapes, anything but an absolute path.
 */
export function readPath(target: string): readonly string[] | undefined {
  if (!TARGET.test(target)) return undefined;
  const [path = ''] = target.split('?', 1);
  const raw = path.slice(1).split('/');
  if (raw.at(-1) === '') raw.pop();
  try {
    const segments = raw.map(decodeURIComponent);
    return segments.every((segment) => SEGMENT.test(segment)) ? segments : undefined;
  } catch {
    return undefined;
  }
}
