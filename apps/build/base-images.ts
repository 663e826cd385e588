/** A line that goes on, comments between its parts included. */
const CONTINUED = /\\[ \t]*\r?\n(?:[ \t]*#[^\n]*\n)*/g;

/**
 * The images on which a Dockerfile builds, in order: those of `FROM` and of `COPY --from`, without its own stages.
 * Defaults of `ARG` before the first `FROM` are put in; a name that still has a variable is left out.
 */
export function baseImages(dockerfile: string): string[] {
  const lines = dockerfile
    .replaceAll(CONTINUED, ' ')
    .split(/\r?\n/)
    .map((line) => line.trim());
  const defaults = new Map<string, string>();
  const stages = new Set<string>(['scratch']);
  const images = new Set<string>();
  const add = (given: string) => {
    const name = withDefaults(unquoted(given), defaults);
    const isStage = stages.has(name.toLowerCase()) || /^\d+$/.test(name);
    if (!isStage && !name.includes('$')) images.add(name);
  };
  for (const line of lines) {
    const [, name, value] = /^ARG\s+(\w+)=(\S+)/i.exec(line) ?? [];
    if (name !== undefined && stages.size === 1) defaults.set(name, unquoted(value ?? ''));
    const [, image, stage] = /^FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/i.exec(line) ?? [];
    if (image !== undefined) add(image);
    if (stage !== undefined) stages.add(stage.toLowerCase());
    const [, from] = /^COPY\s+(?:--\S+\s+)*?--from=(\S+)/i.exec(line) ?? [];
    if (from !== undefined) add(from);
  }
  return [...images];
}

const unquoted = (text: string) => text.replace(/^(["'])(.*)\1$/, '$2');

const withDefaults = (text: string, defaults: ReadonlyMap<string, string>) =>
  text.replace(
    /\$(?:(\w+)|\{(\w+)(?::-([^}]*))?\})/g,
    (whole, plain: string | undefined, braced: string | undefined, own: string | undefined) =>
      defaults.get(plain ?? braced ?? '') ?? own ?? whole,
  );
