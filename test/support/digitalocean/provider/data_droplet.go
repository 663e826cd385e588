package main

import (
	"context"
	"errors"
	"slices"

	"github.com/digitalocean/godo"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type foundDroplet struct {
	ID                 types.Int64   `tfsdk:"id"`
	Name               types.String  `tfsdk:"name"`
	Tag                types.String  `tfsdk:"tag"`
	GPU                types.Bool    `tfsdk:"gpu"`
	Image              types.String  `tfsdk:"image"`
	Region             types.String  `tfsdk:"region"`
	Size               types.String  `tfsdk:"size"`
	CreatedAt          types.String  `tfsdk:"created_at"`
	URN                types.String  `tfsdk:"urn"`
	Disk               types.Int64   `tfsdk:"disk"`
	VCPUs              types.Int64   `tfsdk:"vcpus"`
	Memory             types.Int64   `tfsdk:"memory"`
	PriceHourly        types.Float64 `tfsdk:"price_hourly"`
	PriceMonthly       types.Float64 `tfsdk:"price_monthly"`
	Status             types.String  `tfsdk:"status"`
	Locked             types.Bool    `tfsdk:"locked"`
	Backups            types.Bool    `tfsdk:"backups"`
	IPv6               types.Bool    `tfsdk:"ipv6"`
	IPv6Address        types.String  `tfsdk:"ipv6_address"`
	IPv6AddressPrivate types.String  `tfsdk:"ipv6_address_private"`
	PrivateNetworking  types.Bool    `tfsdk:"private_networking"`
	IPv4Address        types.String  `tfsdk:"ipv4_address"`
	IPv4AddressPrivate types.String  `tfsdk:"ipv4_address_private"`
	VolumeIDs          types.Set     `tfsdk:"volume_ids"`
	Monitoring         types.Bool    `tfsdk:"monitoring"`
	Tags               types.Set     `tfsdk:"tags"`
	VPCUUID            types.String  `tfsdk:"vpc_uuid"`
}

func dropletData() datasource.DataSource {
	shape := map[string]schema.Attribute{
		"id": dataWhole(optionalComputed), "name": dataText(optionalComputed), "tag": dataText(optional, notEmpty),
		"gpu": dataTruth(optional), "disk": dataWhole(computed), "vcpus": dataWhole(computed), "memory": dataWhole(computed),
		"price_hourly":  schema.Float64Attribute{Computed: true},
		"price_monthly": schema.Float64Attribute{Computed: true},
		"locked":        dataTruth(computed), "backups": dataTruth(computed), "ipv6": dataTruth(computed),
		"private_networking": dataTruth(computed), "monitoring": dataTruth(computed),
		"volume_ids": dataSet(types.StringType, computed), "tags": dataSet(types.StringType, computed),
	}
	return &lookup[foundDroplet]{
		name: "droplet",
		shape: dataTexts(shape, "image", "region", "size", "created_at", "urn", "status", "ipv6_address",
			"ipv6_address_private", "ipv4_address", "ipv4_address_private", "vpc_uuid"),
		validate: func(config *foundDroplet) error {
			given := 0
			for _, is := range []bool{!config.ID.IsNull(), !config.Name.IsNull(), !config.Tag.IsNull()} {
				if is {
					given++
				}
			}
			if given != 1 {
				return errors.New("it takes exactly one of id, name and tag")
			}
			if !config.GPU.IsNull() && !config.Tag.IsNull() {
				return errors.New("gpu cannot stand beside tag")
			}
			return nil
		},
		find: func(ctx context.Context, do *account, wanted *foundDroplet) error {
			found, err := wanted.find(ctx, do)
			if err != nil {
				return err
			}
			return wanted.take(found)
		},
	}
}

func (f *foundDroplet) find(ctx context.Context, do *account) (*godo.Droplet, error) {
	if !f.ID.IsNull() {
		found, _, err := do.Droplets.Get(ctx, int(f.ID.ValueInt64()))
		return found, err
	}
	all, err := pages(func(page *godo.ListOptions) ([]godo.Droplet, *godo.Response, error) {
		if f.GPU.ValueBool() {
			return do.Droplets.ListWithGPUs(ctx, page)
		}
		return do.Droplets.List(ctx, page)
	})
	if err != nil {
		return nil, err
	}
	if tag := f.Tag.ValueString(); tag != "" {
		return only(all, "droplets with tag "+tag, func(d godo.Droplet) bool { return slices.Contains(d.Tags, tag) })
	}
	return only(all, "droplets with name "+f.Name.ValueString(), func(d godo.Droplet) bool { return d.Name == f.Name.ValueString() })
}

func (f *foundDroplet) take(found *godo.Droplet) error {
	as := droplet{Tags: noTexts}
	if err := as.take(found); err != nil {
		return err
	}
	image, err := imageName(found)
	if err != nil {
		return err
	}
	f.ID, f.Name, f.Image, f.Region, f.Size = types.Int64Value(int64(found.ID)), as.Name, types.StringValue(image), as.Region, as.Size
	f.GPU = types.BoolValue(f.GPU.ValueBool())
	f.CreatedAt, f.URN, f.Disk, f.VCPUs, f.Memory = as.CreatedAt, as.URN, as.Disk, as.VCPUs, as.Memory
	f.PriceHourly, f.PriceMonthly, f.Status, f.Locked = as.PriceHourly, as.PriceMonthly, as.Status, as.Locked
	f.Backups, f.IPv6, f.PrivateNetworking, f.Monitoring = as.Backups, as.IPv6, as.PrivateNetworking, as.Monitoring
	f.IPv4Address, f.IPv4AddressPrivate, f.IPv6Address = as.IPv4Address, as.IPv4AddressPrivate, as.IPv6Address
	f.IPv6AddressPrivate = types.StringValue(ipv6Of(found, "private"))
	f.VolumeIDs, f.Tags, f.VPCUUID = as.VolumeIDs, as.Tags, as.VPCUUID
	return nil
}
