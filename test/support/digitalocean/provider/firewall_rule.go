package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/digitalocean/godo"
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

// A rule in either direction. Empty and missing sets of peers mean the same.
type rule struct {
	side                        side
	protocol, portRange         types.String
	addresses, balancers, kubes types.Set
	droplets, tags              types.Set
}

func ruleBlock(s side) schema.NestedBlockObject {
	p := string(s)
	return schema.NestedBlockObject{Attributes: map[string]schema.Attribute{
		"protocol":               text(required, oneOf("tcp", "udp", "icmp")),
		"port_range":             text(optional, notEmpty),
		p + "addresses":          setOf(types.StringType, optional, each{notEmpty}),
		p + "droplet_ids":        setOf(types.Int64Type, optional),
		p + "load_balancer_uids": setOf(types.StringType, optional, each{notEmpty}),
		p + "kubernetes_ids":     setOf(types.StringType, optional, each{notEmpty}),
		p + "tags":               setOf(types.StringType, optional, each{tagName}),
	}}
}

func ruleType(s side) types.ObjectType {
	p := string(s)
	list := types.SetType{ElemType: types.StringType}
	return types.ObjectType{AttrTypes: map[string]attr.Type{
		"protocol": types.StringType, "port_range": types.StringType, p + "addresses": list,
		p + "droplet_ids": types.SetType{ElemType: types.Int64Type}, p + "load_balancer_uids": list,
		p + "kubernetes_ids": list, p + "tags": list,
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
		set := func(name string) types.Set { v, _ := has[string(s)+name].(types.Set); return v }
		protocol, _ := has["protocol"].(types.String)
		ports, _ := has["port_range"].(types.String)
		rules = append(rules, rule{
			s, protocol, ports, set("addresses"), set("load_balancer_uids"), set("kubernetes_ids"), set("droplet_ids"), set("tags"),
		})
	}
	return rules
}

func (r rule) peers() *godo.Sources {
	return &godo.Sources{
		Addresses: texts(r.addresses), Tags: texts(r.tags), DropletIDs: wholes(r.droplets),
		LoadBalancerUIDs: texts(r.balancers), KubernetesIDs: texts(r.kubes),
	}
}

func (r rule) object() attr.Value {
	p := string(r.side)
	return types.ObjectValueMust(ruleType(r.side).AttrTypes, map[string]attr.Value{
		"protocol": r.protocol, "port_range": r.portRange, p + "addresses": r.addresses,
		p + "droplet_ids": r.droplets, p + "load_balancer_uids": r.balancers,
		p + "kubernetes_ids": r.kubes, p + "tags": r.tags,
	})
}

// Equal for rules that mean the same.
func (r rule) meaning() string {
	peers := r.peers()
	for _, list := range [][]string{peers.Addresses, peers.LoadBalancerUIDs, peers.KubernetesIDs} {
		slices.Sort(list)
	}
	for i, tag := range peers.Tags {
		peers.Tags[i] = strings.ToLower(tag)
	}
	slices.Sort(peers.Tags)
	slices.Sort(peers.DropletIDs)
	return fmt.Sprintf("%s %s %+v", r.protocol.ValueString(), r.portRange.ValueString(), *peers)
}

// The API writes port 0 for all ports, and for the ports of a protocol that has none.
func answeredRule(s side, protocol, ports string, from godo.Sources) rule {
	portRange := types.StringValue(ports)
	if ports == "0" && protocol != "icmp" {
		portRange = types.StringValue("all")
	} else if ports == "0" || ports == "" {
		portRange = types.StringNull()
	}
	noText, noWhole := types.SetNull(types.StringType), types.SetNull(types.Int64Type)
	return rule{
		s, types.StringValue(protocol), portRange, textsOr(noText, from.Addresses), textsOr(noText, from.LoadBalancerUIDs),
		textsOr(noText, from.KubernetesIDs), wholesOr(noWhole, from.DropletIDs), textsOr(noText, from.Tags),
	}
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
