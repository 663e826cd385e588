import { stripVTControlCharacters } from 'node:util';

/** A problem as Terraform reports it. */
export interface Diagnostic {
  readonly severity: string;
  readonly summary: string;
  readonly detail?: string | undefined;
  readonly address?: string | undefined;
}

const HEAD = /^(Error|Warning): (.*)$/;

/**
 * The diagnostics in Terraform's text for people. It writes that instead of events where it cannot start, such as
 * with a damaged configuration of the user's, whatever its options say.
 */
export function diagnosticsIn(text: string): Diagnostic[] {
  const found: { severity: string; summary: string; lines: string[] }[] = [];
  for (const raw of stripVTControlCharacters(text).split('\n')) {
    const line = raw.replace(/^[╷│╵]\s?/, '').trimEnd();
    const [, severity, summary] = HEAD.exec(line) ?? [];
    if (severity !== undefined && summary !== undefined) {
      found.push({ severity: severity.toLowerCase(), summary, lines: [] });
    } else found.at(-1)?.lines.push(line.trim());
  }
  return found.map(({ severity, summary, lines }) => {
    const detail = lines.join(' ').replaceAll(/\s+/g, ' ').trim();
    return { severity, summary, ...(detail && { detail }) };
  });
}

/** A line of Terraform's trace (`TF_LOG`), as text or as JSON. */
export const isTrace = (line: string): boolean =>
  /^\d{4}-\d\d-\d\dT\S+ \[(TRACE|DEBUG|INFO|WARN|ERROR)\]/.test(line) || /^\{"@level":/.test(line);
