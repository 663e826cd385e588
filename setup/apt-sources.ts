/** One file of apt's sources. */
export interface SourcesFile {
  /** A name in `.sources` means stanzas, any other one lines. */
  readonly name: string;
  readonly text: string;
}

interface Source {
  readonly uri: string;
  readonly suite: string;
  readonly components: readonly string[];
}

/**
 * The lines of apt's sources with Debian's own packages for release `wanted`, taken from a machine
 * with release `own`: a Debian mirror has both. Omits other repositories. Empty when the machine
 * has none.
 */
export function debianSources(
  files: readonly SourcesFile[],
  own: string,
  wanted: string,
): string[] {
  const suites = new Set([own, `${own}-updates`, `${own}-security`]);
  const lines = files
    .flatMap(({ name, text }) => (name.endsWith('.sources') ? stanzas(text) : oneLiners(text)))
    .filter(({ suite, components }) => suites.has(suite) && components.includes('main'))
    .map(({ uri, suite }) => `deb ${uri} ${wanted}${suite.slice(own.length)} main`);
  return [...new Set(lines)];
}

function stanzas(text: string): Source[] {
  return text.split(/\n\s*\n/).flatMap((stanza) => {
    const fields = new Map<string, string[]>();
    const unfolded = stanza.replace(/^#.*\n?/gm, '').replace(/\n[ \t]+/g, ' ');
    for (const line of unfolded.split('\n')) {
      const [, key, value] = /^([A-Za-z-]+):\s*(.*)$/.exec(line) ?? [];
      if (key !== undefined && value !== undefined) {
        fields.set(key.toLowerCase(), value.split(/\s+/).filter(Boolean));
      }
    }
    const field = (key: string) => fields.get(key) ?? [];
    if (!field('types').includes('deb') || field('enabled')[0] === 'no') return [];
    return field('uris').flatMap((uri) =>
      field('suites').map((suite) => ({ uri, suite, components: field('components') })),
    );
  });
}

function oneLiners(text: string): Source[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s+([^#]*)/.exec(line);
    const [, uri, suite, components] = match ?? [];
    if (uri === undefined || suite === undefined || components === undefined) return [];
    return [{ uri, suite, components: components.split(/\s+/).filter(Boolean) }];
  });
}
