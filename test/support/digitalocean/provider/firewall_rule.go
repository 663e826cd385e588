package main

import (
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Whose traffic a rule is about: begins the names of the attributes that say it.
type side string

const (
	sources      side = "source_"
	destinations side = "destination_"
)

// A rule in either direction.
type rule struct {
	side                side
	protocol, portRange types.String
	addresses           types.Set
}

func ruleBlock(s side) schema.NestedBlockObject {
	return schema.NestedBlockObject{Attributes: map[string]schema.Attribute{
		"protocol":              text(required, oneOf("tcp", "udp", "icmp")),
		"port_range":            text(optional, notEmpty),
		string(s) + "addresses": setOf(types.StringType, optional, each{notEmpty}),
	}}
}

func ruleType(s side) types.ObjectType {
	return types.ObjectType{AttrTypes: map[string]attr.Type{
		"protocol": types.StringType, "port_range": types.StringType,
		string(s) + "addresses": types.SetType{ElemType: types.StringType},
	}}
}

func rulesOf(block types.Set, s side) []rule {
	var rules []rule
	for _, element := range block.Elements() {
		object, ok := element.(types.Object)
		if !ok || object.IsUnknown() {
			continue
		}
		has := object.Attributes()
		protocol, _ := has["protocol"].(types.String)
		ports, _ := has["port_range"].(types.String)
		addresses, _ := has[string(s)+"addresses"].(types.Set)
		rules = append(rules, rule{s, protocol, ports, addresses})
	}
	return rules
}

func (r rule) object() attr.Value {
	return types.ObjectValueMust(ruleType(r.side).AttrTypes, map[string]attr.Value{
		"protocol": r.protocol, "port_range": r.portRange, string(r.side) + "addresses": r.addresses,
	})
}

// Equal for rules that mean the same.
func (r rule) meaning() string {
	addresses := texts(r.addresses)
	slices.Sort(addresses)
	return fmt.Sprintf("%s %s %v", r.protocol.ValueString(), r.portRange.ValueString(), addresses)
}

// The API writes port 0 for all ports, and for the ports of a protocol that has none.
func answeredRule(s side, protocol, ports string, addresses []string) rule {
	portRange := types.StringValue(ports)
	if ports == "0" && protocol != "icmp" {
		portRange = types.StringValue("all")
	} else if ports == "0" || ports == "" {
		portRange = types.StringNull()
	}
	return rule{s, types.StringValue(protocol), portRange, textsOr(types.SetNull(types.StringType), addresses)}
}

// The answered rules, each in the spelling of the one in `prior` that means the same.
func mergeRules(prior types.Set, s side, answered []rule) types.Set {
	spelled := map[string]rule{}
	for _, r := range rulesOf(prior, s) {
		spelled[r.meaning()] = r
	}
	elements := map[string]attr.Value{}
	for _, r := range answered {
		if same, ok := spelled[r.meaning()]; ok {
			r = same
		}
		elements[r.meaning()] = r.object()
	}
	var values []attr.Value
	for _, value := range elements {
		values = append(values, value)
	}
	return types.SetValueMust(ruleType(s), values)
}
