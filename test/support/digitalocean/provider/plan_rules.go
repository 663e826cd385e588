package main

import (
	"context"
	"crypto/sha1"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Every rule of what a plan holds in place of the configured value.
type described string

func (d described) Description(context.Context) string         { return string(d) }
func (d described) MarkdownDescription(context.Context) string { return string(d) }

// The planned text from the configured one and the one in the state, which may be null.
type textRule struct {
	described
	plan func(configured string, state types.String) string
}

func (r textRule) PlanModifyString(_ context.Context, request planmodifier.StringRequest, response *planmodifier.StringResponse) {
	if request.ConfigValue.IsNull() || request.ConfigValue.IsUnknown() {
		return
	}
	response.PlanValue = types.StringValue(r.plan(request.ConfigValue.ValueString(), request.StateValue))
}

var lowercase = textRule{"slugs are lower case", func(configured string, _ types.String) string {
	return strings.ToLower(configured)
}}

var hashed = textRule{"only its SHA-1 is kept", func(configured string, state types.String) string {
	if state.ValueString() == configured {
		return configured
	}
	sum := sha1.Sum([]byte(configured))
	return hex.EncodeToString(sum[:])
}}

var ignoringSpaceAround = textRule{"space around it does not matter", func(configured string, state types.String) string {
	if !state.IsNull() && strings.TrimSpace(configured) == strings.TrimSpace(state.ValueString()) {
		return state.ValueString()
	}
	return configured
}}

type boolDefault bool

func (boolDefault) Description(context.Context) string         { return "has a default" }
func (boolDefault) MarkdownDescription(context.Context) string { return "has a default" }
func (d boolDefault) PlanModifyBool(_ context.Context, request planmodifier.BoolRequest, response *planmodifier.BoolResponse) {
	if request.ConfigValue.IsNull() {
		response.PlanValue = types.BoolValue(bool(d))
	}
}

type textDefault string

func (textDefault) Description(context.Context) string         { return "has a default" }
func (textDefault) MarkdownDescription(context.Context) string { return "has a default" }
func (d textDefault) PlanModifyString(_ context.Context, request planmodifier.StringRequest, response *planmodifier.StringResponse) {
	if request.ConfigValue.IsNull() {
		response.PlanValue = types.StringValue(string(d))
	}
}

// A set whose texts are compared without their case: the state's spelling stays.
type ignoresCase struct{}

func (ignoresCase) Description(context.Context) string         { return "case does not matter" }
func (ignoresCase) MarkdownDescription(context.Context) string { return "case does not matter" }
func (ignoresCase) PlanModifySet(_ context.Context, request planmodifier.SetRequest, response *planmodifier.SetResponse) {
	if request.StateValue.IsNull() || request.PlanValue.IsNull() || request.PlanValue.IsUnknown() {
		return
	}
	if slices.Equal(folded(request.StateValue.Elements()), folded(request.PlanValue.Elements())) {
		response.PlanValue = request.StateValue
	}
}

func folded(values []attr.Value) []string {
	var texts []string
	for _, value := range values {
		texts = append(texts, strings.ToLower(value.String()))
	}
	slices.Sort(texts)
	return slices.Compact(texts)
}
