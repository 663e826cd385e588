import { expect, test } from 'vitest';
import { passwordVerifier } from '../../../../apps/pool/password-verifier.js';
import { roleName } from '../../../../apps/pool/role-name.js';
import { serviceSchema } from '../../../../apps/pool/service-schema.js';
import { identifier, literal } from '../../../../apps/pool/sql-text.js';
import { Secret } from '../../../../lib/secret.js';

test('roles of two clusters in one PostgreSQL differ; the longest name is not cut', () => {
  const own = (app: string) => roleName(app, { identity: 'one', isRelayed: false });
  const shared = (identity: string) => roleName('my-app', { identity, isRelayed: true });
  expect(own('my-app')).toBe('clusterkit_my_app');
  expect(shared('one')).toBe('clusterkit_my_app_7692c3ad');
  expect(shared('two')).not.toBe(shared('one'));
  expect(roleName('a'.repeat(30), { identity: 'one', isRelayed: true })).toHaveLength(50);
});

test('the schema of a service is that of the server', () => {
  expect(serviceSchema('blog', 'dev')).toBe('blog$dev');
  expect(serviceSchema('blog', 'dev', 'public')).toBe('public');
  expect(serviceSchema('b'.repeat(60), 'dev')).toHaveLength(63);
});

test('a verifier is the same for the same password, and has nothing of it', () => {
  const password = new Secret('pencil-of-43-characters');
  const verifier = passwordVerifier(password, 'clusterkit_web', 150_000);
  expect(verifier).toMatch(/^SCRAM-SHA-256\$4096:[\w+/]{22}==\$[\w+/]{43}=:[\w+/]{43}=$/);
  expect(passwordVerifier(password, 'clusterkit_web', 150_000)).toBe(verifier);
  expect(passwordVerifier(password, 'clusterkit_api', 150_000)).not.toBe(verifier);
  // PostgreSQL's own form: the digest of password and name.
  expect(passwordVerifier(new Secret('a'), 'b', 90_600)).toBe(
    'md5187ef4436122d1cc2f40dc2b92f0eba0',
  );
});

test('names and texts end nowhere but at their end', () => {
  expect(identifier('a"; drop')).toBe('"a""; drop"');
  expect(literal("it's")).toBe("'it''s'");
  expect(literal("\\' or 1")).toBe(" E'\\\\'' or 1'");
});
