import { describe, expect, test } from 'vitest';
import { renderCaddyfile } from '../../../../cluster/configuration/render-caddyfile.js';

const upstream = 'http://gateway:4466';
const acme = { kind: 'acme', domain: 'api.example.com', hasOwnRoot: false } as const;

const GLOBAL = (autoHttps: string) => `{
	admin off
	storage file_system /data/caddy
	skip_install_trust
	auto_https ${autoHttps}
	grace_period 10s
	servers {
		protocols h1 h2
		timeouts {
			read_header 10s
			idle 5m
		}
	}
	log {
		format filter {
			wrap json
			fields {
				request delete
			}
		}
	}
}
`;
const PROXY = `	reverse_proxy http://gateway:4466 {
		flush_interval -1
		transport http {
			versions 1.1
			dial_timeout 5s
			keepalive 30s
			compression off
		}
	}
}
`;
const HEALTH = `http://:2020 {
	bind 127.0.0.1
	respond /healthz 200
	respond 404
}
`;

describe('renderCaddyfile', () => {
  test('defaults: a domain, by the well-known authority, on port 443', () => {
    expect(renderCaddyfile({ tls: acme, port: 443, upstream })).toBe(
      [
        GLOBAL('disable_redirects'),
        `https://api.example.com {
	tls {
		issuer acme {
			disable_tlsalpn_challenge
		}
	}
${PROXY}`,
        `http://:80 {
	redir https://api.example.com{uri} 308
}
`,
        HEALTH,
      ].join('\n'),
    );
  });

  test('custom: an authority of one’s own, an address to write to, another port', () => {
    const text = renderCaddyfile({
      tls: {
        ...acme,
        email: 'ops{x}@example.com',
        directory: 'https://ca.example.com/dir',
        hasOwnRoot: true,
      },
      port: 8443,
      upstream,
    });
    expect(text).toContain(`		issuer acme {
			dir \`https://ca.example.com/dir\`
			email \`ops{x}@example.com\`
			trusted_roots /run/clusterkit/acme-root.pem
			disable_tlsalpn_challenge
		}`);
    expect(text).toContain('redir https://api.example.com:8443{uri} 308');
    // Inside the container the port stays: it is published as another one.
    expect(text).toContain('https://api.example.com {');
  });

  test('pinned: the two files, and nothing on port 80', () => {
    expect(renderCaddyfile({ tls: { kind: 'pinned' }, port: 4466, upstream })).toBe(
      [
        GLOBAL('off'),
        `https://:443 {
	tls /run/clusterkit/certificate.pem /run/clusterkit/certificate-key.pem
${PROXY}`,
        HEALTH,
      ].join('\n'),
    );
  });

  test('applications: a site for the names of each, at the edge, and its own redirect', () => {
    const text = renderCaddyfile({
      ...{ tls: { ...acme, email: 'ops@example.com' }, port: 8443, upstream },
      sites: [
        { domains: ['app.example.com', 'www.example.com'] },
        { domains: ['admin.example.com'], sources: ['203.0.113.7', '198.51.100.0/24'] },
      ],
    });
    const [, after = ''] = text.split(PROXY);
    const issuer = `	tls {
		issuer acme {
			email \`ops@example.com\`
			disable_tlsalpn_challenge
		}
	}
`;
    const edge = PROXY.replace('gateway:4466', 'edge:9466');
    expect(after).toBe(
      [
        '',
        `https://app.example.com, https://www.example.com {\n${issuer}${edge}`,
        `https://admin.example.com {\n${issuer}	@others not remote_ip 203.0.113.7 198.51.100.0/24\n	respond @others 403\n${edge}`,
        'http://app.example.com, http://www.example.com {\n	redir https://{host}:8443{uri} 308\n}\n',
        'http://admin.example.com {\n	redir https://{host}:8443{uri} 308\n}\n',
        'http://:80 {\n	redir https://api.example.com:8443{uri} 308\n}\n',
        HEALTH,
      ].join('\n'),
    );
  });

  test('what is written cannot end its quotes', () => {
    const tls = { ...acme, directory: 'https://ca.example.com/a`b' };
    expect(renderCaddyfile({ tls, port: 443, upstream })).toContain(
      'dir `https://ca.example.com/ab`',
    );
  });
});
