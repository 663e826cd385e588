package main

import (
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type droplet struct {
	ID           types.String `tfsdk:"id"`
	Image        types.String `tfsdk:"image"`
	Name         types.String `tfsdk:"name"`
	Region       types.String `tfsdk:"region"`
	Size         types.String `tfsdk:"size"`
	URN          types.String `tfsdk:"urn"`
	Memory       types.Int64  `tfsdk:"memory"`
	ResizeDisk   types.Bool   `tfsdk:"resize_disk"`
	Status       types.String `tfsdk:"status"`
	Locked       types.Bool   `tfsdk:"locked"`
	Backups      types.Bool   `tfsdk:"backups"`
	BackupPolicy types.List   `tfsdk:"backup_policy"`
	IPv4Address  types.String `tfsdk:"ipv4_address"`
	SSHKeys      types.Set    `tfsdk:"ssh_keys"`
	UserData     types.String `tfsdk:"user_data"`
	VolumeIDs    types.Set    `tfsdk:"volume_ids"`
	Monitoring   types.Bool   `tfsdk:"monitoring"`
	Tags         types.Set    `tfsdk:"tags"`
	VPCUUID      types.String `tfsdk:"vpc_uuid"`
	Timeouts     types.Object `tfsdk:"timeouts"`
}

func (d *droplet) identity() *types.String { return &d.ID }

func dropletResource() resource.Resource {
	return &kind[droplet, *droplet]{
		name:     "droplet",
		shape:    schema.Schema{Version: 1, Attributes: dropletAttributes(), Blocks: dropletBlocks()},
		validate: validateDroplet,
		create:   createDroplet,
		read:     readDroplet,
		update:   updateDroplet,
		remove:   removeDroplet,
		adopt:    adoptDroplet,
	}
}

func dropletAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":           text(optionalComputed),
		"image":        text(required, notEmpty, replaces{}),
		"name":         text(required, notEmpty),
		"region":       text(optionalComputed, lowercase, notEmpty, replaces{}),
		"size":         text(required, lowercase, notEmpty),
		"urn":          text(computed),
		"memory":       whole(computed),
		"resize_disk":  truth(optional, boolDefault(true)),
		"status":       text(computed),
		"locked":       truth(computed),
		"backups":      truth(optional, boolDefault(false)),
		"ipv4_address": text(computed),
		"ssh_keys":     setOf(types.StringType, optional, each{notEmpty}, replaces{}),
		"user_data":    text(optional, notEmpty, hashed, replaces{}),
		"volume_ids":   setOf(types.StringType, optionalComputed),
		"monitoring":   truth(optional, boolDefault(false), replaces{}),
		"tags":         tags(),
		"vpc_uuid":     text(optionalComputed, notEmpty, replaces{}),
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
