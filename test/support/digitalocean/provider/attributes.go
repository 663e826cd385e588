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

// What there is to say of an attribute beside its usage: `replaces`, a plan modifier
// or a validator of its type.
type trait any

func text(use usage, traits ...trait) schema.StringAttribute {
	a := schema.StringAttribute{Required: use == required, Optional: use.takes(), Computed: use.computes()}
	for _, trait := range traits {
		switch trait := trait.(type) {
		case planmodifier.String:
			a.PlanModifiers = append(a.PlanModifiers, trait)
		case validator.String:
			a.Validators = append(a.Validators, trait)
		case replaces:
		default:
			unfit(trait)
		}
	}
	if use.computes() {
		a.PlanModifiers = append(a.PlanModifiers, stringplanmodifier.UseStateForUnknown())
	}
	if has(traits) {
		a.PlanModifiers = append(a.PlanModifiers, stringplanmodifier.RequiresReplace())
	}
	return a
}

func whole(use usage, traits ...trait) schema.Int64Attribute {
	a := schema.Int64Attribute{Required: use == required, Optional: use.takes(), Computed: use.computes()}
	for _, trait := range traits {
		switch trait := trait.(type) {
		case validator.Int64:
			a.Validators = append(a.Validators, trait)
		case replaces:
		default:
			unfit(trait)
		}
	}
	if use.computes() {
		a.PlanModifiers = append(a.PlanModifiers, int64planmodifier.UseStateForUnknown())
	}
	if has(traits) {
		a.PlanModifiers = append(a.PlanModifiers, int64planmodifier.RequiresReplace())
	}
	return a
}

func truth(use usage, traits ...trait) schema.BoolAttribute {
	a := schema.BoolAttribute{Required: use == required, Optional: use.takes(), Computed: use.computes()}
	for _, trait := range traits {
		switch trait := trait.(type) {
		case planmodifier.Bool:
			a.PlanModifiers = append(a.PlanModifiers, trait)
		case replaces:
		default:
			unfit(trait)
		}
	}
	if use.computes() {
		a.PlanModifiers = append(a.PlanModifiers, boolplanmodifier.UseStateForUnknown())
	}
	if has(traits) {
		a.PlanModifiers = append(a.PlanModifiers, boolplanmodifier.RequiresReplace())
	}
	return a
}

func setOf(element attr.Type, use usage, traits ...trait) schema.SetAttribute {
	a := schema.SetAttribute{ElementType: element, Required: use == required, Optional: use.takes(), Computed: use.computes()}
	for _, trait := range traits {
		switch trait := trait.(type) {
		case planmodifier.Set:
			a.PlanModifiers = append(a.PlanModifiers, trait)
		case validator.Set:
			a.Validators = append(a.Validators, trait)
		case replaces:
		default:
			unfit(trait)
		}
	}
	if use.computes() {
		a.PlanModifiers = append(a.PlanModifiers, setplanmodifier.UseStateForUnknown())
	}
	if has(traits) {
		a.PlanModifiers = append(a.PlanModifiers, setplanmodifier.RequiresReplace())
	}
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

func has(traits []trait) bool {
	for _, trait := range traits {
		if _, ok := trait.(replaces); ok {
			return true
		}
	}
	return false
}

func unfit(trait trait) { panic(fmt.Sprintf("%T is nothing for an attribute of this type", trait)) }
