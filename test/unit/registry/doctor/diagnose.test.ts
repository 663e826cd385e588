import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../../../lib/secret.js';
import { diagnose } from '../../../../registry/doctor/diagnose.js';
import type { DoctorFacts, ModeFact } from '../../../../registry/doctor/doctor-facts.js';
import { isTrouble } from '../../../../registry/doctor/finding.js';
import type { EntryHealth } from '../../../../registry/probe-entry.js';
import { doctorFacts } from '../../../support/doctor-facts.js';

const { privateKey: KEY, publicKey: PUBLIC } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const EC = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();
const LOCKED = generateKeyPairSync('rsa', { modulusLength: 1024 })
  .privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-128-cbc', passphrase: 'p' })
  .toString();

const registry = (secret: string | undefined, host = 'http://a:4466') =>
  `clusters:\n  a:\n    host: ${JSON.stringify(host)}\n${
    secret === undefined ? '' : `    clusterSecret: ${JSON.stringify(secret)}\n`
  }`;

const variable = (name: string) => ['$', `{env:${name}}`].join('');

/** What is found, in one line each. */
const found = (facts: DoctorFacts) =>
  diagnose(facts).map(
    ({ code, severity, entry, fixable }) =>
      `${severity} ${code}${entry === undefined ? '' : ` ${entry}`}${fixable ? ' (fixable)' : ''}`,
  );
const message = (facts: DoctorFacts) => diagnose(facts)[0]?.message;

describe('entries', () => {
  test.each([
    ['a key, LF', KEY],
    ['a key, CRLF', KEY.replaceAll('\n', '\r\n')],
    ['a variable that is set', variable('SECRET')],
  ])('%s has no finding', (_, secret) => {
    expect(found(doctorFacts(registry(secret), { env: { SECRET: KEY } }))).toEqual([]);
  });

  test('no finding and no command shows a secret', () => {
    for (const host of ['http://u:pw0@a:4466', 'postgres://u:pw0@a', KEY.slice(0, 200)]) {
      const shown = JSON.stringify(diagnose(doctorFacts(registry(undefined, host))));
      expect(shown).not.toMatch(/pw0|MII/);
    }
  });

  test('a shared secret has no error, only a note on the variable of the CLIs', () => {
    const facts = doctorFacts(registry('a shared secret'));
    expect(found(facts)).toEqual(['info management-secret-unset']);
    expect(diagnose(facts)[0]?.mend?.join(' ')).toBe('clusterkit deploy --cluster a');
    const env = { PRISMA_MANAGEMENT_API_SECRET: 'a shared secret' };
    expect(found(doctorFacts(registry('a shared secret'), { env }))).toEqual([]);
  });

  test.each([
    [undefined, 'warning entry-without-secret a'],
    ['', 'warning entry-without-secret a'],
    [KEY.replaceAll('\n', '\\n'), 'error key-escaped a (fixable)'],
    [KEY.replaceAll('\n', '\\r\\n'), 'error key-escaped a (fixable)'],
    [KEY.slice(0, 300), 'error key-broken a'],
    [PUBLIC, 'error key-broken a'],
    [EC, 'error key-broken a'],
    [LOCKED, 'error key-broken a'],
    [KEY.split('\n').slice(1, -2).join(''), 'error key-broken a'],
    [variable('NOBODY_SET_IT'), 'warning variable-unset a'],
  ])('a bad secret (%#)', (secret, expected) => {
    expect(found(doctorFacts(registry(secret)))).toEqual([expected]);
  });

  test('reports the reason, but not the key', () => {
    const words = [PUBLIC, EC, LOCKED].map((each) => message(doctorFacts(registry(each))) ?? '');
    expect(words[0]).toContain('it is a public key');
    expect(words[1]).toContain('type ec, not RSA');
    expect(words[2]).toContain('encrypted with a passphrase');
    expect(words.join()).not.toContain('BEGIN');
  });

  test('an escaped key in a variable cannot be fixed', () => {
    const env = { SECRET: KEY.replaceAll('\n', '\\n') };
    expect(found(doctorFacts(registry(variable('SECRET')), { env }))).toEqual([
      'error key-escaped a',
    ]);
  });

  test('no host, a bad one, a variable', () => {
    expect(found(doctorFacts('clusters: {a: {x: 1}}'))).toEqual(['error entry-without-host a']);
    expect(found(doctorFacts(registry(KEY, 'a:4466')))).toEqual(['error host-invalid a']);
    expect(found(doctorFacts(registry(KEY, variable('H'))))).toEqual(['warning variable-unset a']);
    expect(found(doctorFacts(registry(KEY, variable('H')), { env: { H: 'http://h' } }))).toEqual(
      [],
    );
  });

  test('line and command of a finding', () => {
    expect(diagnose(doctorFacts(registry(undefined)))[0]).toMatchObject({
      path: '/r/config.yml:2',
      mend: 'clusterkit cluster add a --host http://a:4466 --key-file FILE --force'.split(' '),
    });
  });
});

describe('entries of the kit', () => {
  const record = { host: 'http://a:4466', clusterSecret: new Secret(KEY), since: '2026-01-01' };

  test('an entry that another tool erased', () => {
    const owned = new Map([['a', record]]);
    expect(found(doctorFacts('clusters: {}', { owned }))).toEqual([
      'error entry-erased a (fixable)',
    ]);
    const gone = { owned, content: { state: 'missing' as const } };
    expect(found(doctorFacts('', gone))).toEqual([
      'error entry-erased a (fixable)',
      'info registry-missing',
    ]);
    expect(found(doctorFacts(registry(KEY), { owned }))).toEqual([]);
  });

  test('a secret that another tool erased', () => {
    const owned = new Map([['a', record]]);
    expect(found(doctorFacts(registry(undefined), { owned }))).toEqual([
      'error secret-erased a (fixable)',
    ]);
    expect(found(doctorFacts(registry(undefined, 'http://else'), { owned }))).toEqual([
      'warning entry-without-secret a',
    ]);
  });
});

describe('servers', () => {
  const online: EntryHealth = {
    online: true,
    version: '1.8.3',
    generation: 'B',
    auth: 'ok',
    latencyMs: 1,
  };
  const with_ = (health: EntryHealth, secret: string | undefined = KEY) =>
    doctorFacts(registry(secret), { health: new Map([['a', health]]) });

  test.each<[Partial<EntryHealth>, string[]]>([
    [{}, []],
    [{ online: false, auth: 'unknown' }, ['warning server-unreachable a']],
    [{ auth: 'refused' }, ['error key-refused a']],
    [{ auth: 'open' }, ['error server-open a']],
    [{ auth: 'unclear' }, ['warning auth-unclear a']],
  ])('%j', (health, expected) => {
    expect(found(with_({ ...online, ...health }))).toEqual(expected);
  });

  test('does not report a rejection of a secret that is broken', () => {
    expect(found(with_({ ...online, auth: 'refused' }, ''))).toEqual([
      'warning entry-without-secret a',
    ]);
    expect(found(with_({ ...online, auth: 'refused' }, PUBLIC))).toEqual(['error key-broken a']);
  });

  test('reports an open server for every kind of secret', () => {
    expect(found(with_({ ...online, auth: 'open' }, ''))).toEqual([
      'error server-open a',
      'warning entry-without-secret a',
    ]);
  });

  const of = (generation: 'A' | 'B' | 'C', auth: EntryHealth['auth']): EntryHealth => {
    const version = { A: '1.6.3', B: '1.8.3', C: '1.34.12' }[generation];
    return { ...online, generation, version, auth };
  };
  const env = { PRISMA_MANAGEMENT_API_SECRET: 'shared' };
  const judged = (health: EntryHealth, secret: string) => {
    const facts = { ...with_(health, secret), env };
    const [first] = diagnose(facts);
    return [first?.code, first?.mend?.slice(1).join(' '), first?.message] as const;
  };

  test.each([
    ['A', 'shared', 'secret-unfit', 'cluster add a --host http://a:4466 --key-file FILE --force'],
    ['C', KEY, 'secret-unfit', 'cluster add a --host http://a:4466 --secret-file FILE --force'],
    ['A', KEY, 'key-refused', 'cluster public-key a'],
    ['B', KEY, 'key-refused', 'cluster public-key a'],
    ['B', 'shared', 'key-refused', 'env a --management-secret'],
    ['C', 'shared', 'key-refused', 'env a --management-secret'],
  ] as const)('refused by a server of generation %s (%#)', (generation, secret, code, mend) => {
    expect(judged(of(generation, 'refused'), secret).slice(0, 2)).toEqual([code, mend]);
  });

  test('explains a rejection for each generation', () => {
    const words = (generation: 'A' | 'B' | 'C', secret: string) =>
      judged(of(generation, 'refused'), secret)[2];
    expect(words('A', 'shared')).toContain('up to 1.6 (this one is 1.6.3) support key pairs only');
    expect(words('C', KEY)).toContain(
      'from 1.27 on (this one is 1.34.12) support shared secrets only',
    );
    expect(words('B', KEY)).toContain('may also require a shared secret');
    expect(words('B', 'shared')).toContain('may also require a key pair');
    expect(words('B', 'shared')).not.toContain("'shared'");
  });

  test('behind a gateway a key pair fits every server', () => {
    const late = (auth: EntryHealth['auth']) => ({ ...of('C', auth), gateway: '0.1.0' });
    expect(found(with_(late('ok')))).toEqual([]);
    const [code, mend, words] = judged(late('refused'), KEY);
    expect([code, mend]).toEqual(['key-refused', 'cluster public-key a']);
    expect(words).toContain('may also require a shared secret');
    expect(judged(late('refused'), 'shared')[2]).toContain('may also require a key pair');
    expect(judged(late('open'), '')[1]).toContain('--key-file FILE');
  });

  test('an open server: reports how to start it, and why it is open', () => {
    const [code, mend, words] = judged(of('C', 'open'), KEY);
    expect([code, mend]).toEqual([
      'server-open',
      'cluster add a --host http://a:4466 --secret-file FILE --force',
    ]);
    expect(words).toContain('from 1.27 on (this one is 1.34.12) support shared secrets only');
    expect(judged(of('C', 'open'), 'shared').slice(0, 2)).toEqual([
      'server-open',
      'env a --management-secret',
    ]);
    expect(judged(of('B', 'open'), KEY)[1]).toBe('cluster public-key a');
  });
});

describe('around the file', () => {
  const mode = (kind: ModeFact['kind'], bits: number) =>
    found(doctorFacts('', { modes: [{ path: '/r', kind, mode: bits }] }));

  test('of another user, whatever its mode', () => {
    const modes = [{ path: '/r', kind: 'file', mode: 0o600, otherOwner: 1001 }] as const;
    expect(found(doctorFacts('', { modes }))).toEqual(['error foreign-owner']);
  });

  test('modes', () => {
    expect(mode('file', 0o600)).toEqual([]);
    expect(mode('file', 0o400)).toEqual([]);
    expect(mode('file', 0o644)).toEqual(['warning file-mode (fixable)']);
    expect(mode('directory', 0o700)).toEqual([]);
    expect(mode('directory', 0o755)).toEqual(['warning directory-mode (fixable)']);
    expect(mode('shared', 0o755)).toEqual([]);
    expect(mode('shared', 0o1777)).toEqual([]);
    expect(mode('shared', 0o775)).toEqual(['warning directory-mode']);
  });

  test('lock, unfinished writes, backups', () => {
    const lock = { path: '/r/l', state: 'left-over' } as const;
    expect(found(doctorFacts('', { lock }))).toEqual(['warning lock-left (fixable)']);
    const held = { ...lock, state: 'held', note: 'process 1 on h (up)' } as const;
    expect(message(doctorFacts('', { lock: held }))).toContain('process 1 on h (up)');
    expect(found(doctorFacts('', { temporaries: ['/r/.t'] }))).toEqual([
      'warning temporary-left (fixable)',
    ]);
    const kept = doctorFacts('', { backups: { path: '/r/b', count: 2 } });
    expect(found(kept)).toEqual(['info backups-present']);
    expect(diagnose(kept).some(isTrouble)).toBe(false);
  });

  test('a file that cannot be parsed', () => {
    const problems = [
      { path: '/r/config.yml:3:1', message: "The key 'a' is defined twice." },
      { path: '/r/config.yml:4:2', message: 'All mapping items must start at the same column.' },
    ];
    const facts = doctorFacts('', { content: { state: 'malformed', problems } });
    expect(found(facts)).toEqual(['error duplicate-name', 'error registry-malformed']);
    expect(diagnose(facts)[0]?.path).toBe('/r/config.yml:3:1');
  });

  test('the environment', () => {
    const env = { PRISMA_MANAGEMENT_API_SECRET: 'x' };
    expect(found(doctorFacts(registry(KEY), { env }))).toEqual(['warning management-secret-set']);
    expect(found(doctorFacts(registry('x'), { env }))).toEqual([]);
    expect(found(doctorFacts(registry('shared'), { env }))).toEqual([
      'warning management-secret-differs',
    ]);
    expect(found(doctorFacts('cloudSessionKey: x'))).toEqual(['info cloud-session']);
  });
});
