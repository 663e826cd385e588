//go:build pins

// Package pins holds the source of OpenTofu still: see ../../terraform-part.ts.
package pins

import _ "github.com/opentofu/opentofu/cmd/tofu"
