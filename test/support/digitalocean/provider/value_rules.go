package main

import (
	"context"
	"fmt"
	"net"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// What a configured text may be; unknown and null ones are not asked.
type textCheck struct {
	described
	holds func(string) bool
}

func (c textCheck) ValidateString(_ context.Context, request validator.StringRequest, response *validator.StringResponse) {
	value := request.ConfigValue
	if value.IsNull() || value.IsUnknown() || c.holds(value.ValueString()) {
		return
	}
	response.Diagnostics.AddAttributeError(request.Path, "Invalid value", fmt.Sprintf("expected %s to be %s, got %q", request.Path, c.described, value.ValueString()))
}

var (
	notEmpty = textCheck{"set, not empty", func(s string) bool { return s != "" }}
	ipv4     = textCheck{"an IPv4 address", func(s string) bool {
		ip := net.ParseIP(s)
		return ip != nil && ip.To4() != nil
	}}
	tagName = textCheck{
		"letters, numbers, colons, dashes and underscores, at most 255",
		regexp.MustCompile(`^[a-zA-Z0-9:_-]{1,255}$`).MatchString,
	}
	duration = textCheck{"a duration such as 5m", func(s string) bool {
		_, err := time.ParseDuration(s)
		return err == nil
	}}
)

func atMost(length int) textCheck {
	return textCheck{described(fmt.Sprintf("at most %d characters", length)), func(s string) bool {
		return utf8.RuneCountInString(s) <= length
	}}
}

func oneOf(values ...string) textCheck {
	return textCheck{described("one of " + strings.Join(values, ", ")), func(s string) bool {
		return slices.Contains(values, s)
	}}
}

var notZero = nonZero{}

type between struct{ least, most int64 }

func (b between) Description(context.Context) string {
	return fmt.Sprintf("from %d to %d", b.least, b.most)
}
func (b between) MarkdownDescription(ctx context.Context) string { return b.Description(ctx) }
func (b between) ValidateInt64(ctx context.Context, request validator.Int64Request, response *validator.Int64Response) {
	value := request.ConfigValue
	if value.IsNull() || value.IsUnknown() || (value.ValueInt64() >= b.least && value.ValueInt64() <= b.most) {
		return
	}
	response.Diagnostics.AddAttributeError(request.Path, "Invalid value", fmt.Sprintf("expected %s to be %s, got %d", request.Path, b.Description(ctx), value.ValueInt64()))
}

// Every text of a set.
type each struct{ textCheck }

func (e each) ValidateSet(ctx context.Context, request validator.SetRequest, response *validator.SetResponse) {
	for _, element := range request.ConfigValue.Elements() {
		value, ok := element.(types.String)
		if !ok {
			continue
		}
		one := validator.StringResponse{}
		e.ValidateString(ctx, validator.StringRequest{Path: request.Path.AtSetValue(element), ConfigValue: value}, &one)
		response.Diagnostics.Append(one.Diagnostics...)
	}
}

// A block that is there at most once.
type atMostOnce struct{ described }

func (atMostOnce) ValidateList(_ context.Context, request validator.ListRequest, response *validator.ListResponse) {
	if len(request.ConfigValue.Elements()) > 1 {
		response.Diagnostics.AddAttributeError(request.Path, "Too many blocks", fmt.Sprintf("%q stands here more than once", lastStep(request.Path)))
	}
}

func lastStep(p path.Path) string {
	steps := p.Steps()
	return steps[len(steps)-1].String()
}

type nonZero struct{}

func (nonZero) Description(context.Context) string         { return "not zero" }
func (nonZero) MarkdownDescription(context.Context) string { return "not zero" }
func (nonZero) ValidateInt64(_ context.Context, request validator.Int64Request, response *validator.Int64Response) {
	if known(request.ConfigValue) && request.ConfigValue.ValueInt64() == 0 {
		response.Diagnostics.AddAttributeError(request.Path, "Invalid value", fmt.Sprintf("%s must be set, not zero", request.Path))
	}
}
