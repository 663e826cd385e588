//go:build pins

// Package provider pins the source of the Docker provider: see ../provider-part.ts.
package provider

import _ "github.com/terraform-providers/terraform-provider-docker"
