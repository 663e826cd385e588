const SOURCES = '"registry.terraform.io/digitalocean/*", "registry.opentofu.org/digitalocean/*"';

/** What a user writes in Terraform's configuration whose provider comes from a mirror. */
export const mirrorConfig = (mirror: string) => `provider_installation {
  filesystem_mirror {
    path    = ${JSON.stringify(mirror)}
    include = [${SOURCES}]
  }
  direct {
    exclude = [${SOURCES}]
  }
}
`;
