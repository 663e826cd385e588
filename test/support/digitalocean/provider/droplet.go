package main

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type droplet struct {
	ID                 types.String  `tfsdk:"id"`
	Image              types.String  `tfsdk:"image"`
	Name               types.String  `tfsdk:"name"`
	Region             types.String  `tfsdk:"region"`
	Size               types.String  `tfsdk:"size"`
	GracefulShutdown   types.Bool    `tfsdk:"graceful_shutdown"`
	CreatedAt          types.String  `tfsdk:"created_at"`
	URN                types.String  `tfsdk:"urn"`
	Disk               types.Int64   `tfsdk:"disk"`
	VCPUs              types.Int64   `tfsdk:"vcpus"`
	Memory             types.Int64   `tfsdk:"memory"`
	PriceHourly        types.Float64 `tfsdk:"price_hourly"`
	PriceMonthly       types.Float64 `tfsdk:"price_monthly"`
	ResizeDisk         types.Bool    `tfsdk:"resize_disk"`
	Status             types.String  `tfsdk:"status"`
	Locked             types.Bool    `tfsdk:"locked"`
	Backups            types.Bool    `tfsdk:"backups"`
	BackupPolicy       types.List    `tfsdk:"backup_policy"`
	IPv6               types.Bool    `tfsdk:"ipv6"`
	IPv6Address        types.String  `tfsdk:"ipv6_address"`
	PrivateNetworking  types.Bool    `tfsdk:"private_networking"`
	IPv4Address        types.String  `tfsdk:"ipv4_address"`
	IPv4AddressPrivate types.String  `tfsdk:"ipv4_address_private"`
	SSHKeys            types.Set     `tfsdk:"ssh_keys"`
	UserData           types.String  `tfsdk:"user_data"`
	VolumeIDs          types.Set     `tfsdk:"volume_ids"`
	Monitoring         types.Bool    `tfsdk:"monitoring"`
	DropletAgent       types.Bool    `tfsdk:"droplet_agent"`
	Tags               types.Set     `tfsdk:"tags"`
	VPCUUID            types.String  `tfsdk:"vpc_uuid"`
	Timeouts           types.Object  `tfsdk:"timeouts"`
}

func (d *droplet) identity() *types.String { return &d.ID }

func dropletResource() resource.Resource {
	return &kind[droplet, *droplet]{
		name:     "droplet",
		shape:    schema.Schema{Version: 1, Attributes: dropletAttributes(), Blocks: dropletBlocks()},
		validate: validateDroplet,
		plan:     planDroplet,
		create:   createDroplet,
		read:     readDroplet,
		update:   updateDroplet,
		remove:   removeDroplet,
		adopt:    adoptDroplet,
	}
}

func dropletAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":                   text(optionalComputed),
		"image":                text(required, notEmpty, replaces{}),
		"name":                 text(required, notEmpty),
		"region":               text(optionalComputed, lowercase, notEmpty, replaces{}),
		"size":                 text(required, lowercase, notEmpty),
		"graceful_shutdown":    truth(optional, boolDefault(false)),
		"created_at":           text(computed),
		"urn":                  text(computed),
		"disk":                 whole(computed),
		"vcpus":                whole(computed),
		"memory":               whole(computed),
		"price_hourly":         decimal(computed),
		"price_monthly":        decimal(computed),
		"resize_disk":          truth(optional, boolDefault(true)),
		"status":               text(computed),
		"locked":               truth(computed),
		"backups":              truth(optional, boolDefault(false)),
		"ipv6":                 truth(optional, boolDefault(false), offReplaces{"it cannot be switched off"}),
		"ipv6_address":         text(optionalComputed),
		"private_networking":   truth(optionalComputed, deprecated("`vpc_uuid` took its place.")),
		"ipv4_address":         text(computed),
		"ipv4_address_private": text(computed),
		"ssh_keys":             setOf(types.StringType, optional, each{notEmpty}, replaces{}),
		"user_data":            text(optional, notEmpty, hashed, replaces{}),
		"volume_ids":           setOf(types.StringType, optionalComputed),
		"monitoring":           truth(optional, boolDefault(false), replaces{}),
		"droplet_agent":        truth(optional, replaces{}),
		"tags":                 tags(),
		"vpc_uuid":             text(optionalComputed, notEmpty, replaces{}),
	}
}

func dropletBlocks() map[string]schema.Block {
	blocks := timeouts("create", "update", "delete")
	blocks["backup_policy"] = schema.ListNestedBlock{
		Validators: []validator.List{atMostOnce{"there at most once"}},
		NestedObject: schema.NestedBlockObject{Attributes: map[string]schema.Attribute{
			"plan":    text(optional, oneOf("daily", "weekly")),
			"weekday": text(optional, oneOf("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")),
			"hour":    whole(optional, between{0, 20}),
		}},
	}
	return blocks
}

func validateDroplet(config *droplet) error {
	if len(config.BackupPolicy.Elements()) > 0 && config.Backups.IsNull() {
		return errors.New("backup_policy needs backups beside it")
	}
	return nil
}

// An address that is still to come is not the one that the state has.
func planDroplet(ctx context.Context, before, planned *droplet, response *resource.ModifyPlanResponse) {
	if before != nil && !before.IPv6.ValueBool() && planned.IPv6.ValueBool() && before.IPv6Address.Equal(planned.IPv6Address) {
		planned.IPv6Address = types.StringUnknown()
		response.Diagnostics.Append(response.Plan.Set(ctx, planned)...)
	}
}
