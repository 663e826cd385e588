import { withoutSecrets } from '../../lib/secret-shapes.js';

/**
 * All codes of findings, with their severity. Codes are stable: scripts match on them. `clusterkit
 * doctor` exits with 4 while a finding of severity `error` or `warning` remains; `info` never counts.
 */
export const SEVERITY = {
  'registry-unreadable': 'error',
  'registry-malformed': 'error',
  'duplicate-name': 'error',
  'registry-missing': 'info',
  'file-mode': 'warning',
  'directory-mode': 'warning',
  'foreign-owner': 'error',
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
  'clock-differs': 'error',
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

/** A finding of doctor. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** The file, with line and column where they are known. */
  readonly path: string;
  /** Name of the cluster. */
  readonly entry?: string;
  /** What is wrong and what follows from it, in full sentences, without secrets. */
  readonly message: string;
  /** The command that fixes it, as arguments; words in capitals are placeholders. */
  readonly mend?: readonly string[];
  /** `doctor --fix` fixes it. */
  readonly fixable: boolean;
}

/** The command for everything that can be fixed safely. */
const FIX = ['clusterkit', 'doctor', '--fix'] as const;

/** A file, and the name of the cluster there. */
export type Place = Pick<Finding, 'path' | 'entry'>;

/** A finding with the severity of its code. @param mend the command that fixes it */
export const finding = (
  code: FindingCode,
  place: Place,
  message: string,
  mend?: readonly string[],
): Finding => {
  const severity = SEVERITY[code];
  return {
    code,
    severity,
    ...place,
    message: withoutSecrets(message),
    ...(mend && { mend: mend.map(withoutSecrets) }),
    fixable: mend === FIX,
  };
};

/** A finding that `doctor --fix` fixes. */
export const fixable = (code: FindingCode, place: Place, message: string): Finding =>
  finding(code, place, message, FIX);

/** Does this finding require an action? */
export const isTrouble = ({ severity }: Finding): boolean => severity !== 'info';
