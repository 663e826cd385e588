import { describe, expect, it } from 'vitest';
import { diagnosticsIn, isTrace } from '../../../../clients/terraform/diagnostics.js';

const BOXED = `There are some problems with the CLI configuration:
\u001b[31m╷\u001b[0m
\u001b[31m│\u001b[0m \u001b[1mWarning: Unable to open CLI configuration file\u001b[0m
│
│ The CLI configuration file at "/home/me/rc" does not exist.
╵
╷
│ Error: Error parsing /home/me/.terraformrc
│
│ At 1:1: illegal
│ character
╵
`;

const PLAIN = `
Initializing the backend...

Error: Failed to query available provider packages

Could not retrieve the list of available versions for provider
kreuzwerker/docker: no route
`;

describe('diagnosticsIn', () => {
  it('reads boxes, in colour or not, warnings and errors apart', () => {
    expect(diagnosticsIn(BOXED)).toEqual([
      {
        severity: 'warning',
        summary: 'Unable to open CLI configuration file',
        detail: 'The CLI configuration file at "/home/me/rc" does not exist.',
      },
      {
        severity: 'error',
        summary: 'Error parsing /home/me/.terraformrc',
        detail: 'At 1:1: illegal character',
      },
    ]);
  });

  it('reads plain text, and passes over what comes before', () => {
    expect(diagnosticsIn(PLAIN)).toEqual([
      {
        severity: 'error',
        summary: 'Failed to query available provider packages',
        detail:
          'Could not retrieve the list of available versions for provider kreuzwerker/docker: no route',
      },
    ]);
  });

  it.each(['', 'Terraform v1.11.4', 'no Error: here'])('%j has none', (text) => {
    expect(diagnosticsIn(text)).toEqual([]);
  });
});

it.each([
  ['2026-11-29T13:00:00.000Z [TRACE] provider: sent {"user_data":"secret"}', true],
  ['2026-11-29T13:00:00.000+0100 [ERROR] vertex failed', true],
  ['{"@level":"debug","@message":"x","@timestamp":"2026-11-29T13:00:00Z"}', true],
  ['Error: 2026-11-29 is no date', false],
  ['{"type":"version"}', false],
])('isTrace(%j) is %s', (line, expected) => {
  expect(isTrace(line)).toBe(expected);
});
