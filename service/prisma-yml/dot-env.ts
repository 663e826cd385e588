/**
 * Parses a `.env` file like the dotenv of the CLIs: one `NAME=value` per line, no comments behind values,
 * `\n` expanded between double quotes only.
 */
export function parseDotEnv(text: string): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const line of text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)) {
    const [, name, raw = ''] = /^\s*([\w.-]+)\s*=\s*(.*)?\s*$/.exec(line) ?? [];
    if (name !== undefined) variables[name] = unquoted(raw.trim());
  }
  return variables;
}

function unquoted(value: string): string {
  const [, quote, inner] = /^(["'])(.*)\1$/.exec(value) ?? [];
  if (inner === undefined) return value;
  return quote === '"' ? inner.replaceAll('\\n', '\n') : inner;
}
