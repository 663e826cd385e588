//go:build pins

// Package pins holds the source of the Docker provider still: see ../../provider-part.ts.
package pins

import _ "github.com/terraform-providers/terraform-provider-docker"
