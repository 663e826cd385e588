package main

import (
	"context"
	"errors"
	"math"

	"github.com/digitalocean/godo"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type volume struct {
	ID                     types.String `tfsdk:"id"`
	Region                 types.String `tfsdk:"region"`
	Name                   types.String `tfsdk:"name"`
	URN                    types.String `tfsdk:"urn"`
	Size                   types.Int64  `tfsdk:"size"`
	Description            types.String `tfsdk:"description"`
	SnapshotID             types.String `tfsdk:"snapshot_id"`
	InitialFilesystemType  types.String `tfsdk:"initial_filesystem_type"`
	InitialFilesystemLabel types.String `tfsdk:"initial_filesystem_label"`
	DropletIDs             types.Set    `tfsdk:"droplet_ids"`
	FilesystemType         types.String `tfsdk:"filesystem_type"`
	FilesystemLabel        types.String `tfsdk:"filesystem_label"`
	Tags                   types.Set    `tfsdk:"tags"`
}

func (v *volume) identity() *types.String { return &v.ID }

func volumeResource() resource.Resource {
	filesystem := oneOf("ext4", "xfs")
	return &kind[volume, *volume]{
		name: "volume",
		shape: schema.Schema{Attributes: map[string]schema.Attribute{
			"id":                       text(optionalComputed),
			"region":                   text(required, lowercase, replaces{}),
			"name":                     text(required, notEmpty, replaces{}),
			"urn":                      text(computed),
			"size":                     whole(required, between{1, math.MaxInt64}),
			"description":              text(optional, notEmpty, replaces{}),
			"snapshot_id":              text(optional, notEmpty, replaces{}),
			"initial_filesystem_type":  text(optional, filesystem, replaces{}),
			"initial_filesystem_label": text(optional, notEmpty, replaces{}),
			"droplet_ids":              setOf(types.Int64Type, computed),
			"filesystem_type":          text(optionalComputed, filesystem, deprecated("`initial_filesystem_type` took its place; this one tells the current type.")),
			"filesystem_label":         text(computed),
			"tags":                     tags(),
		}},
		validate: func(config *volume) error {
			if !config.FilesystemType.IsNull() && !config.InitialFilesystemType.IsNull() {
				return errors.New("filesystem_type cannot stand beside initial_filesystem_type")
			}
			return nil
		},
		plan: func(_ context.Context, before, planned *volume, response *resource.ModifyPlanResponse) {
			if before != nil && known(planned.Size) && planned.Size.ValueInt64() < before.Size.ValueInt64() {
				response.Diagnostics.AddError("The volume cannot shrink", "its `size` is less than before; a volume only ever grows")
			}
		},
		create: createVolume,
		read:   readVolume,
		update: updateVolume,
		remove: func(ctx context.Context, do *account, state *volume) error {
			_, err := do.Storage.DeleteVolume(ctx, state.ID.ValueString())
			return err
		},
	}
}

func createVolume(ctx context.Context, do *account, planned, _ *volume) error {
	made, _, err := do.Storage.CreateVolume(ctx, &godo.VolumeCreateRequest{
		Region:          planned.Region.ValueString(),
		Name:            planned.Name.ValueString(),
		Description:     planned.Description.ValueString(),
		SizeGigaBytes:   planned.Size.ValueInt64(),
		SnapshotID:      planned.SnapshotID.ValueString(),
		FilesystemType:  firstOf(planned.InitialFilesystemType.ValueString(), planned.FilesystemType.ValueString()),
		FilesystemLabel: planned.InitialFilesystemLabel.ValueString(),
		Tags:            texts(planned.Tags),
	})
	if err != nil {
		return err
	}
	planned.ID = types.StringValue(made.ID)
	_, err = readVolume(ctx, do, planned)
	return err
}

func updateVolume(ctx context.Context, do *account, before, planned *volume) error {
	id := planned.ID.ValueString()
	if !planned.Size.Equal(before.Size) {
		action, _, err := do.StorageActions.Resize(ctx, id, int(planned.Size.ValueInt64()), planned.Region.ValueString())
		if err == nil {
			err = do.done(ctx, action)
		}
		if err != nil {
			return err
		}
	}
	if err := retag(ctx, do, id, godo.VolumeResourceType, before.Tags, planned.Tags); err != nil {
		return err
	}
	_, err := readVolume(ctx, do, planned)
	return err
}

func readVolume(ctx context.Context, do *account, state *volume) (bool, error) {
	found, _, err := do.Storage.GetVolume(ctx, state.ID.ValueString())
	if isGone(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if found.Region == nil {
		return false, errors.New("the API's volume has no `region` object")
	}
	state.Name = types.StringValue(found.Name)
	state.Region = types.StringValue(found.Region.Slug)
	state.Size = types.Int64Value(found.SizeGigaBytes)
	state.URN = types.StringValue(found.URN())
	state.Tags = textsOr(state.Tags, found.Tags)
	state.DropletIDs = wholesOr(noWholes, found.DropletIDs)
	if found.Description != "" {
		state.Description = types.StringValue(found.Description)
	}
	// So does the real one, also for what was formatted later.
	if found.FilesystemType != "" {
		state.FilesystemType = types.StringValue(found.FilesystemType)
		state.InitialFilesystemType = state.FilesystemType
	}
	if found.FilesystemLabel != "" {
		state.FilesystemLabel = types.StringValue(found.FilesystemLabel)
		state.InitialFilesystemLabel = state.FilesystemLabel
	}
	return true, nil
}
