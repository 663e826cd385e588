import { X509Certificate } from 'node:crypto';
import type { DatabaseLogin } from '../clients/database/database-login.js';
import type { Connector } from '../cluster/databases.js';
import { type Problem, usageError } from '../lib/errors.js';
import { readSecretFile, unreadable, withoutLineBreak } from '../lib/read-secret-file.js';
import { readTextFile } from '../lib/read-text-file.js';
import { Secret } from '../lib/secret.js';

/** Where an external database is, and where its password is: all paths absolute. */
export interface ExternalSource {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  readonly ssl: 'verify-full' | 'disable';
  /** Path of the authority's certificate. @default - the well-known authorities */
  readonly caFile?: string | undefined;
  readonly password: { readonly file: string } | { readonly env: string };
}

/** The login to the external database of a cluster; `undefined`: it has none. */
export async function loginOf(
  {
    external,
    connector,
  }: { readonly external?: ExternalSource | undefined; readonly connector: Connector },
  env: NodeJS.ProcessEnv,
): Promise<DatabaseLogin | undefined> {
  return external && externalLogin(external, connector, env);
}

/**
 * Reads the login to an external database: its password from a file that others cannot read, or from
 * the environment, and its authority.
 *
 * @throws KitError `database-login-unusable` (exit 2) with all problems
 */
export async function externalLogin(
  external: ExternalSource,
  connector: Connector,
  env: NodeJS.ProcessEnv,
): Promise<DatabaseLogin> {
  const { host, port, user, database, ssl, caFile, password: source } = external;
  const [password, ca] = await Promise.all([
    'file' in source ? passwordInFile(source.file) : passwordInVariable(source.env, env),
    caFile === undefined ? undefined : authorityIn(caFile),
  ]);
  const problems = [password, ca].filter((each) => isProblem(each));
  if (problems.length > 0 || isProblem(password) || isProblem(ca)) {
    throw usageError('database-login-unusable', problems);
  }
  return { connector, host, port, user, password, database, ssl, ...(ca !== undefined && { ca }) };
}

const isProblem = (found: unknown): found is Problem =>
  typeof found === 'object' && found !== null && 'message' in found;

async function passwordInFile(path: string): Promise<Secret | Problem> {
  const found = await readSecretFile({ path, what: "the database's password" });
  if (typeof found !== 'string') return found;
  return passwordOf(path, found, 'Write the password into it.');
}

function passwordInVariable(name: string, env: NodeJS.ProcessEnv): Secret | Problem {
  const hint = `Set it to the database's password, or name a file with passwordFile.`;
  const value = env[name];
  if (value) return passwordOf(name, value, hint);
  return { path: name, message: 'the environment variable is not set', hint };
}

function passwordOf(path: string, text: string, hint: string): Secret | Problem {
  const password = withoutLineBreak(text);
  if (password === '') return { path, message: 'is empty', hint };
  if (/[\r\n\0]/.test(password)) {
    return { path, message: 'has several lines, and a password is one', hint };
  }
  return new Secret(password);
}

async function authorityIn(path: string): Promise<string | Problem> {
  const hint = "Name the PEM file of the database's certificate authority; its provider has it.";
  try {
    const text = await readTextFile(path);
    if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) {
      return { path, message: 'holds a private key, which nobody here needs', hint };
    }
    const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
    if (blocks.length === 0) return { path, message: 'holds no certificate (PEM)', hint };
    for (const block of blocks) new X509Certificate(block);
    return text;
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) {
      return unreadable(path, "the database's certificate authority", error);
    }
    return { path, message: 'holds a certificate that cannot be read', hint };
  }
}
