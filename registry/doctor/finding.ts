/**
 * Everything that doctor can find, and how bad it is. Codes are stable: scripts match on them.
 * While a finding of severity `error` or `warning` remains, `clusterkit doctor` ends with exit 4;
 * `info` never counts.
 */
export const SEVERITY = {
  'registry-unreadable': 'error',
  'registry-malformed': 'error',
  'duplicate-name': 'error',
  'registry-missing': 'info',
  'file-mode': 'warning',
  'directory-mode': 'warning',
  'entry-without-host': 'error',
  'host-invalid': 'error',
  'entry-without-secret': 'warning',
  'variable-unset': 'warning',
  'key-broken': 'error',
  'key-escaped': 'error',
  'entry-erased': 'error',
  'secret-erased': 'error',
  'server-unreachable': 'warning',
  'certificate-changed': 'error',
  'certificate-expired': 'error',
  'certificate-name': 'error',
  'certificate-untrusted': 'error',
  'key-refused': 'error',
  'secret-unfit': 'error',
  'server-open': 'error',
  'auth-unclear': 'warning',
  'management-secret-set': 'warning',
  'management-secret-differs': 'warning',
  'management-secret-unset': 'info',
  'lock-left': 'warning',
  'lock-held': 'info',
  'lock-unusable': 'error',
  'temporary-left': 'warning',
  'cloud-session': 'info',
  'backups-present': 'info',
} as const satisfies Record<string, Severity>;

export type Severity = 'error' | 'warning' | 'info';
export type FindingCode = keyof typeof SEVERITY;

/** One thing that doctor found. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** The file it is about, with line and column where they are known. */
  readonly path: string;
  /** Name of the cluster it is about. */
  readonly entry?: string;
  /** What was found and what it means, in full sentences, without secrets. */
  readonly message: string;
  /** The command that mends it, as arguments; words in capitals are for the reader to fill in. */
  readonly mend?: readonly string[];
  /** `doctor --fix` mends it. */
  readonly fixable: boolean;
}

/** The command for everything that is safe to mend. */
export const FIX = ['clusterkit', 'doctor', '--fix'] as const;

/** A finding with the severity of its code. */
export const finding = (
  code: FindingCode,
  rest: Omit<Finding, 'code' | 'severity' | 'fixable'> & { readonly fixable?: boolean },
): Finding => ({ code, severity: SEVERITY[code], ...rest, fixable: rest.fixable ?? false });

/** A finding that `doctor --fix` mends. */
export const fixable = (
  code: FindingCode,
  rest: Omit<Finding, 'code' | 'severity' | 'fixable' | 'mend'>,
): Finding => finding(code, { ...rest, mend: FIX, fixable: true });

/** Does this finding ask for something to be done? */
export const isTrouble = ({ severity }: Finding): boolean => severity !== 'info';
