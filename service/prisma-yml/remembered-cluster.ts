import { isMap, isScalar, parseDocument } from 'yaml';
import { lineBreakOf, lineEnd, lineStart, positionAt, splice } from '../../lib/text-lines.js';

/** A line that consists of `# cluster: NAME`. */
const REMEMBERED = /^(\uFEFF?)# cluster:[ \t]+(\S+)[ \t]*\r?$/m;

/** The cluster in a comment of prisma.yml (docs/decisions/cluster-line.md). */
export function rememberedCluster(text: string): { name: string; line: number } | undefined {
  const found = REMEMBERED.exec(text);
  if (found?.[2] === undefined) return undefined;
  return { name: found[2], line: positionAt(text, found.index).line };
}

/** Sets the line `# cluster: name`: in place, else below `endpoint:` or at the top. */
export function rememberCluster(text: string, name: string): string {
  const found = REMEMBERED.exec(text);
  const line = `# cluster: ${name}`;
  if (found) {
    return splice(text, found.index, lineEnd(text, found.index), `${found[1]}${line}`);
  }
  const at = endOfEndpoint(text);
  const lineBreak = lineBreakOf(text);
  if (at !== undefined) return splice(text, at, at, lineBreak + line);
  const top = text.startsWith('\uFEFF') ? 1 : 0;
  return splice(text, top, top, line + lineBreak);
}

function endOfEndpoint(text: string): number | undefined {
  const { contents } = parseDocument(text);
  if (!isMap(contents) || contents.flow) return undefined;
  const pair = contents.items.find(({ key }) => isScalar(key) && key.value === 'endpoint');
  if (!isScalar(pair?.value) || !isScalar(pair.key)) return undefined;
  const end = pair.value.range?.[1] ?? 0;
  const onOneLine = lineStart(text, end) === lineStart(text, pair.key.range?.[0] ?? 0);
  return onOneLine ? lineEnd(text, end) : undefined;
}
