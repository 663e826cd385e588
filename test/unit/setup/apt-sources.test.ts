import { describe, expect, it } from 'vitest';
import { debianSources } from '../../../setup/apt-sources.js';

const stanza = (lines: string) => [{ name: 'debian.sources', text: lines }];
const list = (lines: string) => [{ name: 'sources.list', text: lines }];

describe('debianSources', () => {
  it('reads stanzas with several suites, and leaves comments and other components out', () => {
    const text = `# comment
Types: deb deb-src
# http://old.example/debian
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main
`;
    expect(debianSources(stanza(text), 'bookworm', 'bookworm')).toEqual([
      'deb http://mirror.example/debian bookworm main',
      'deb http://mirror.example/debian bookworm-updates main',
      'deb http://mirror.example/debian-security bookworm-security main',
    ]);
  });

  it('reads lines with options, and leaves sources, comments and others’ repositories out', () => {
    const text = `deb [arch=amd64 signed-by=/x] https://mirror.example/debian bookworm main non-free # ours
# deb http://mirror.example/debian bookworm-updates main
deb-src http://mirror.example/debian bookworm main
deb https://apt.example/pg bookworm-pgdg main
deb https://download.example/engine bookworm stable
deb https://deb.example/node nodistro main
`;
    expect(debianSources(list(text), 'bookworm', 'bookworm')).toEqual([
      'deb https://mirror.example/debian bookworm main',
    ]);
  });

  it('takes the wanted release from the mirrors of another one', () => {
    const text =
      'deb http://mirror.example/debian trixie main\ndeb http://s.example trixie-security main';
    expect(debianSources(list(text), 'trixie', 'bookworm')).toEqual([
      'deb http://mirror.example/debian bookworm main',
      'deb http://s.example bookworm-security main',
    ]);
  });

  it('joins folded fields, and skips a disabled stanza', () => {
    const text = `Enabled: no
Types: deb
URIs: http://off.example
Suites: bookworm
Components: main

Types: deb
URIs: http://a.example
 http://b.example
Suites: bookworm
Components: main
`;
    expect(debianSources(stanza(text), 'bookworm', 'bookworm')).toEqual([
      'deb http://a.example bookworm main',
      'deb http://b.example bookworm main',
    ]);
  });

  it('finds nothing in nothing', () => {
    expect(debianSources([], 'bookworm', 'bookworm')).toEqual([]);
    expect(debianSources(stanza(''), 'bookworm', 'bookworm')).toEqual([]);
  });
});
