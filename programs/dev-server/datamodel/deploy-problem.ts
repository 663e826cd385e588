/** A problem of a datamodel or a migration, in the form of `deploy`'s answer. */
export interface DeployProblem {
  /** A type, a relation, or `Global`. */
  readonly type: string;
  readonly field: string | null;
  readonly description: string;
}

/** The CLIs do not print the field, so the description names it; they print backticks as bold. */
export const problem = (text: string, type = 'Global', field?: string): DeployProblem => ({
  type,
  field: field ?? null,
  description: field === undefined ? text : `\`${field}\`: ${text}`,
});

/** Ends a migration, and with it the transaction it runs in. */
export class MigrationRefused extends Error {
  override name = 'MigrationRefused';

  constructor(readonly errors: readonly DeployProblem[]) {
    super(errors.map(({ description }) => description).join(' '));
  }
}
