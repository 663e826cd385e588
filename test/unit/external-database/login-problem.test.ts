import { describe, expect, it } from 'vitest';
import { loginError } from '../../../external-database/login-problem.js';
import { KitError } from '../../../lib/errors.js';

const LOGIN = { user: 'app', database: 'data', host: 'db.example.com', port: 5432 };
const PLACE = { path: 'clusters.a.database.external', passwordKey: 'passwordEnv' } as const;

const told = (properties: object, message = 'no') => {
  const error = loginError(Object.assign(new Error(message), properties), LOGIN, PLACE);
  if (!(error instanceof KitError)) return 'as it is';
  return [error.code, error.exitCode, error.problems[0]?.path];
};

describe('what a database says no with', () => {
  it.each([
    ...[{ code: '28P01' }, { code: '28000' }, { errno: 1045 }, { errno: 1698 }].map(
      (properties) =>
        [properties, 'database-login-refused', 2, `${PLACE.path}.passwordEnv`] as const,
    ),
    ...[{ code: '3D000' }, { errno: 1049 }].map(
      (properties) => [properties, 'database-missing', 2, `${PLACE.path}.database`] as const,
    ),
    [{ code: '55P03' }, 'database-unusable', 3, PLACE.path],
    [{ code: 'CLAIMED' }, 'database-unusable', 3, PLACE.path],
  ] as const)('%j is %s', (properties, ...answer) => {
    expect(told(properties)).toEqual(answer);
  });

  it.each(['Query read timeout', 'timeout expired', 'Connection terminated unexpectedly'])(
    '“%s”, which has no code, is an answer too',
    (message) => {
      expect(told({}, message)).toEqual(['database-unusable', 3, PLACE.path]);
    },
  );

  it('an error of our own stays one', () => {
    expect(told({}, 'undefined is not a function')).toBe('as it is');
  });
});
