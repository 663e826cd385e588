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
	ID                    types.String `tfsdk:"id"`
	Region                types.String `tfsdk:"region"`
	Name                  types.String `tfsdk:"name"`
	URN                   types.String `tfsdk:"urn"`
	Size                  types.Int64  `tfsdk:"size"`
	InitialFilesystemType types.String `tfsdk:"initial_filesystem_type"`
	Tags                  types.Set    `tfsdk:"tags"`
}

func (v *volume) identity() *types.String { return &v.ID }

func volumeResource() resource.Resource {
	return &kind[volume, *volume]{
		name: "volume",
		shape: schema.Schema{Attributes: map[string]schema.Attribute{
			"id":                      text(optionalComputed),
			"region":                  text(required, lowercase, replaces{}),
			"name":                    text(required, notEmpty, replaces{}),
			"urn":                     text(computed),
			"size":                    whole(required, between{1, math.MaxInt64}),
			"initial_filesystem_type": text(optional, oneOf("ext4", "xfs"), replaces{}),
			"tags":                    tags(),
		}},
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
		Region:         planned.Region.ValueString(),
		Name:           planned.Name.ValueString(),
		SizeGigaBytes:  planned.Size.ValueInt64(),
		FilesystemType: planned.InitialFilesystemType.ValueString(),
		Tags:           texts(planned.Tags),
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
	// So does the real one, also for what was formatted later.
	if found.FilesystemType != "" {
		state.InitialFilesystemType = types.StringValue(found.FilesystemType)
	}
	return true, nil
}
