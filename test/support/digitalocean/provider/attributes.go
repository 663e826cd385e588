package main

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/setplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// How an attribute gets its value.
type usage int

const (
	required usage = iota
	optional
	computed
	optionalComputed
)

func (u usage) computes() bool { return u == computed || u == optionalComputed }
func (u usage) takes() bool    { return u == optional || u == optionalComputed }

// Another value needs another object.
type replaces struct{}

// What there is to say of an attribute beside its usage: `replaces`, a plan modifier or a validator of
// its type.
type trait any

// The plan modifiers and the validators among the traits, and the modifiers that go with the usage.
func sorted[M, V any](use usage, traits []trait, keep, replace M) (modifiers []M, validators []V) {
	after := []M{}
	for _, trait := range traits {
		switch trait := trait.(type) {
		case M:
			modifiers = append(modifiers, trait)
		case V:
			validators = append(validators, trait)
		case replaces:
			after = append(after, replace)
		default:
			panic(fmt.Sprintf("%T is nothing for an attribute of this type", trait))
		}
	}
	if use.computes() {
		modifiers = append(modifiers, keep)
	}
	return append(modifiers, after...), validators
}

func text(use usage, traits ...trait) schema.StringAttribute {
	a := schema.StringAttribute{Required: use == required, Optional: use.takes(), Computed: use.computes()}
	a.PlanModifiers, a.Validators = sorted[planmodifier.String, validator.String](
		use, traits, stringplanmodifier.UseStateForUnknown(), stringplanmodifier.RequiresReplace())
	return a
}

func whole(use usage, traits ...trait) schema.Int64Attribute {
	a := schema.Int64Attribute{Required: use == required, Optional: use.takes(), Computed: use.computes()}
	a.PlanModifiers, a.Validators = sorted[planmodifier.Int64, validator.Int64](
		use, traits, int64planmodifier.UseStateForUnknown(), int64planmodifier.RequiresReplace())
	return a
}

func truth(use usage, traits ...trait) schema.BoolAttribute {
	a := schema.BoolAttribute{Required: use == required, Optional: use.takes(), Computed: use.computes()}
	a.PlanModifiers, a.Validators = sorted[planmodifier.Bool, validator.Bool](
		use, traits, boolplanmodifier.UseStateForUnknown(), boolplanmodifier.RequiresReplace())
	return a
}

func setOf(element attr.Type, use usage, traits ...trait) schema.SetAttribute {
	a := schema.SetAttribute{ElementType: element, Required: use == required, Optional: use.takes(), Computed: use.computes()}
	a.PlanModifiers, a.Validators = sorted[planmodifier.Set, validator.Set](
		use, traits, setplanmodifier.UseStateForUnknown(), setplanmodifier.RequiresReplace())
	return a
}

func tags() schema.SetAttribute {
	return setOf(types.StringType, optional, ignoresCase{}, each{tagName})
}

func timeouts(names ...string) map[string]schema.Block {
	attributes := map[string]schema.Attribute{}
	for _, name := range names {
		attributes[name] = text(optional, duration)
	}
	return map[string]schema.Block{"timeouts": schema.SingleNestedBlock{Attributes: attributes}}
}
