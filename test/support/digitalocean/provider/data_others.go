package main

import (
	"context"
	"errors"

	"github.com/digitalocean/godo"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type foundSSHKey struct {
	ID          types.Int64  `tfsdk:"id"`
	Name        types.String `tfsdk:"name"`
	PublicKey   types.String `tfsdk:"public_key"`
	Fingerprint types.String `tfsdk:"fingerprint"`
}

func sshKeyData() datasource.DataSource {
	shape := map[string]schema.Attribute{"id": dataWhole(computed), "name": dataText(required)}
	return &lookup[foundSSHKey]{
		name:  "ssh_key",
		shape: dataTexts(shape, "public_key", "fingerprint"),
		find: func(ctx context.Context, do *account, wanted *foundSSHKey) error {
			all, err := pages(func(page *godo.ListOptions) ([]godo.Key, *godo.Response, error) { return do.Keys.List(ctx, page) })
			if err != nil {
				return err
			}
			name := wanted.Name.ValueString()
			found, err := only(all, "ssh keys with name "+name, func(k godo.Key) bool { return k.Name == name })
			if err != nil {
				return err
			}
			wanted.ID = types.Int64Value(int64(found.ID))
			wanted.PublicKey = types.StringValue(found.PublicKey)
			wanted.Fingerprint = types.StringValue(found.Fingerprint)
			return nil
		},
	}
}

func tagData() datasource.DataSource {
	shape := map[string]schema.Attribute{"id": dataText(optionalComputed), "name": dataText(required, tagName)}
	for _, count := range []string{"total_resource", "droplets", "images", "volumes", "volume_snapshots", "databases"} {
		shape[count+"_count"] = dataWhole(computed)
	}
	return &lookup[tag]{
		name:  "tag",
		shape: shape,
		find: func(ctx context.Context, do *account, wanted *tag) error {
			wanted.ID = wanted.Name
			return there(readTag(ctx, do, wanted))
		},
	}
}

func reservedIPData() datasource.DataSource {
	shape := map[string]schema.Attribute{
		"id": dataText(optionalComputed), "ip_address": dataText(required, notEmpty), "droplet_id": dataWhole(computed),
	}
	return &lookup[reservedIP]{
		name:  "reserved_ip",
		shape: dataTexts(shape, "urn", "region"),
		find: func(ctx context.Context, do *account, wanted *reservedIP) error {
			wanted.ID = wanted.IPAddress
			return there(readReservedIP(ctx, do, wanted))
		},
	}
}

func there(is bool, err error) error {
	if err == nil && !is {
		return errors.New("the API does not know it")
	}
	return err
}

type foundVolume struct {
	ID              types.String `tfsdk:"id"`
	Region          types.String `tfsdk:"region"`
	Name            types.String `tfsdk:"name"`
	URN             types.String `tfsdk:"urn"`
	Size            types.Int64  `tfsdk:"size"`
	Description     types.String `tfsdk:"description"`
	DropletIDs      types.Set    `tfsdk:"droplet_ids"`
	FilesystemType  types.String `tfsdk:"filesystem_type"`
	FilesystemLabel types.String `tfsdk:"filesystem_label"`
	Tags            types.Set    `tfsdk:"tags"`
}

func volumeData() datasource.DataSource {
	shape := map[string]schema.Attribute{
		"id": dataText(optionalComputed), "name": dataText(required, notEmpty), "region": dataText(optional, notEmpty),
		"description": dataText(optional), "size": dataWhole(computed),
		"droplet_ids": dataSet(types.Int64Type, computed), "tags": dataSet(types.StringType, computed),
	}
	return &lookup[foundVolume]{
		name:  "volume",
		shape: dataTexts(shape, "urn", "filesystem_type", "filesystem_label"),
		find: func(ctx context.Context, do *account, wanted *foundVolume) error {
			name := wanted.Name.ValueString()
			all, err := pages(func(page *godo.ListOptions) ([]godo.Volume, *godo.Response, error) {
				return do.Storage.ListVolumes(ctx, &godo.ListVolumeParams{Name: name, Region: wanted.Region.ValueString(), ListOptions: page})
			})
			if err != nil {
				return err
			}
			found, err := only(all, "volumes with name "+name, func(v godo.Volume) bool { return v.Name == name })
			if err != nil {
				return err
			}
			if found.Region != nil {
				wanted.Region = types.StringValue(found.Region.Slug)
			}
			wanted.ID, wanted.URN = types.StringValue(found.ID), types.StringValue(found.URN())
			wanted.Size, wanted.Description = types.Int64Value(found.SizeGigaBytes), textOr(wanted.Description, found.Description)
			wanted.FilesystemType, wanted.FilesystemLabel = types.StringValue(found.FilesystemType), types.StringValue(found.FilesystemLabel)
			wanted.DropletIDs, wanted.Tags = wholesOr(noWholes, found.DropletIDs), textsOr(noTexts, found.Tags)
			return nil
		},
	}
}
