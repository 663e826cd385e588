package main

import (
	"context"
	"errors"

	"github.com/digitalocean/godo"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type firewall struct {
	ID           types.String `tfsdk:"id"`
	Name         types.String `tfsdk:"name"`
	Tags         types.Set    `tfsdk:"tags"`
	InboundRule  types.Set    `tfsdk:"inbound_rule"`
	OutboundRule types.Set    `tfsdk:"outbound_rule"`
}

func (f *firewall) identity() *types.String { return &f.ID }

func firewallResource() resource.Resource {
	return &kind[firewall, *firewall]{
		name: "firewall",
		shape: schema.Schema{
			Attributes: map[string]schema.Attribute{
				"id":   text(optionalComputed),
				"name": text(required, notEmpty),
				"tags": tags(),
			},
			Blocks: map[string]schema.Block{
				"inbound_rule":  schema.SetNestedBlock{NestedObject: ruleBlock(sources)},
				"outbound_rule": schema.SetNestedBlock{NestedObject: ruleBlock(destinations)},
			},
		},
		plan: func(_ context.Context, _, planned *firewall, response *resource.ModifyPlanResponse) {
			if err := planned.check(); err != nil {
				response.Diagnostics.AddError("The firewall's rules are incomplete", err.Error())
			}
		},
		create: func(ctx context.Context, do *account, planned, _ *firewall) error {
			made, _, err := do.Firewalls.Create(ctx, planned.request())
			if err != nil {
				return err
			}
			planned.ID = types.StringValue(made.ID)
			_, err = readFirewall(ctx, do, planned)
			return err
		},
		read: readFirewall,
		update: func(ctx context.Context, do *account, _, planned *firewall) error {
			if _, _, err := do.Firewalls.Update(ctx, planned.ID.ValueString(), planned.request()); err != nil {
				return err
			}
			_, err := readFirewall(ctx, do, planned)
			return err
		},
		remove: func(ctx context.Context, do *account, state *firewall) error {
			if _, err := do.Firewalls.Delete(ctx, state.ID.ValueString()); !isGone(err) {
				return err
			}
			return nil
		},
	}
}

func (f *firewall) check() error {
	if f.InboundRule.IsUnknown() || f.OutboundRule.IsUnknown() {
		return nil
	}
	rules := append(rulesOf(f.InboundRule, sources), rulesOf(f.OutboundRule, destinations)...)
	if len(rules) == 0 {
		return errors.New("it has no rule at all")
	}
	for _, rule := range rules {
		if rule.portRange.IsNull() && known(rule.protocol) && rule.protocol.ValueString() != "icmp" {
			return errors.New("a rule for tcp or udp has no `port_range`")
		}
	}
	return nil
}

func (f *firewall) request() *godo.FirewallRequest {
	request := &godo.FirewallRequest{Name: f.Name.ValueString(), Tags: texts(f.Tags)}
	for _, rule := range rulesOf(f.InboundRule, sources) {
		request.InboundRules = append(request.InboundRules, godo.InboundRule{
			Protocol: rule.protocol.ValueString(), PortRange: rule.portRange.ValueString(), Sources: &godo.Sources{Addresses: texts(rule.addresses)},
		})
	}
	for _, rule := range rulesOf(f.OutboundRule, destinations) {
		request.OutboundRules = append(request.OutboundRules, godo.OutboundRule{
			Protocol: rule.protocol.ValueString(), PortRange: rule.portRange.ValueString(), Destinations: &godo.Destinations{Addresses: texts(rule.addresses)},
		})
	}
	return request
}

func readFirewall(ctx context.Context, do *account, state *firewall) (bool, error) {
	found, _, err := do.Firewalls.Get(ctx, state.ID.ValueString())
	if isGone(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	state.Name = types.StringValue(found.Name)
	state.Tags = textsOr(state.Tags, found.Tags)
	var in, out []rule
	for _, r := range found.InboundRules {
		in = append(in, answeredRule(sources, r.Protocol, r.PortRange, r.Sources.Addresses))
	}
	for _, r := range found.OutboundRules {
		out = append(out, answeredRule(destinations, r.Protocol, r.PortRange, r.Destinations.Addresses))
	}
	state.InboundRule = mergeRules(state.InboundRule, sources, in)
	state.OutboundRule = mergeRules(state.OutboundRule, destinations, out)
	return true, nil
}
