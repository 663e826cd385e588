package main

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type foundFirewall struct {
	ID             types.String `tfsdk:"id"`
	FirewallID     types.String `tfsdk:"firewall_id"`
	Name           types.String `tfsdk:"name"`
	DropletIDs     types.Set    `tfsdk:"droplet_ids"`
	Status         types.String `tfsdk:"status"`
	CreatedAt      types.String `tfsdk:"created_at"`
	PendingChanges types.List   `tfsdk:"pending_changes"`
	Tags           types.Set    `tfsdk:"tags"`
	InboundRule    types.Set    `tfsdk:"inbound_rule"`
	OutboundRule   types.Set    `tfsdk:"outbound_rule"`
}

func firewallData() datasource.DataSource {
	shape := map[string]schema.Attribute{
		"id":              dataText(optionalComputed),
		"firewall_id":     dataText(required),
		"droplet_ids":     dataSet(types.Int64Type, optionalComputed),
		"tags":            dataSet(types.StringType, optionalComputed),
		"pending_changes": schema.ListAttribute{ElementType: pendingChange, Computed: true},
		"inbound_rule":    dataSet(ruleType(sources), optionalComputed),
		"outbound_rule":   dataSet(ruleType(destinations), optionalComputed),
	}
	return &lookup[foundFirewall]{
		name:  "firewall",
		shape: dataTexts(shape, "name", "status", "created_at"),
		find: func(ctx context.Context, do *account, wanted *foundFirewall) error {
			as := firewall{ID: wanted.FirewallID, DropletIDs: noWholes, Tags: noTexts}
			if err := there(readFirewall(ctx, do, &as)); err != nil {
				return err
			}
			*wanted = foundFirewall{
				as.ID, wanted.FirewallID, as.Name, as.DropletIDs, as.Status, as.CreatedAt,
				as.PendingChanges, as.Tags, as.InboundRule, as.OutboundRule,
			}
			return nil
		},
	}
}
