package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"time"

	"github.com/digitalocean/godo"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func readDroplet(ctx context.Context, do *account, state *droplet) (bool, error) {
	id, err := numericID(state.ID)
	if err != nil {
		return false, err
	}
	found, _, err := do.Droplets.Get(ctx, id)
	if isGone(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, state.take(found)
}

// The image is not among them: a slug may point elsewhere tomorrow without a change of the droplet.
func (d *droplet) take(found *godo.Droplet) error {
	if found.Region == nil || found.Size == nil || found.Networks == nil {
		return errors.New("the API's droplet lacks `region`, `size` or `networks`: the real provider would crash")
	}
	d.Name = types.StringValue(found.Name)
	d.URN = types.StringValue(found.URN())
	d.Region = types.StringValue(found.Region.Slug)
	d.Size = types.StringValue(found.Size.Slug)
	d.Memory = types.Int64Value(int64(found.Memory))
	d.Status = types.StringValue(found.Status)
	d.Locked = types.BoolValue(found.Locked)
	d.VPCUUID = types.StringValue(found.VPCUUID)
	d.IPv4Address = types.StringValue(publicIPv4(found))
	if features := found.Features; features != nil {
		d.Backups = types.BoolValue(slices.Contains(features, "backups"))
		d.Monitoring = types.BoolValue(slices.Contains(features, "monitoring"))
	}
	d.VolumeIDs = textsOr(noTexts, found.VolumeIDs)
	d.Tags = textsOr(d.Tags, found.Tags)
	return nil
}

func publicIPv4(d *godo.Droplet) string {
	for _, address := range d.Networks.V4 {
		if address.Type == "public" && net.ParseIP(address.IPAddress) != nil {
			return address.IPAddress
		}
	}
	return ""
}

// Waits until the droplet is not locked and `fact` tells the target; takes what it sees on the way.
func (d *droplet) await(ctx context.Context, do *account, w wait, fact func() string) error {
	id, err := numericID(d.ID)
	if err != nil {
		return err
	}
	w.what = fmt.Sprintf("%s of droplet %d", w.what, id)
	w.look = func() (string, error) {
		found, _, err := do.Droplets.Get(ctx, id)
		if w.mayBeMissing && isGone(err) {
			return "", nil
		}
		if err != nil {
			return "", err
		}
		if err := d.take(found); err != nil || found.Locked {
			return "", err
		}
		return fact(), nil
	}
	return do.pace.until(ctx, w)
}

func (d *droplet) awaitStatus(ctx context.Context, do *account, target, pending string, limit time.Duration) error {
	w := wait{what: "the status", pending: []string{pending}, target: target, timeout: limit}
	return d.await(ctx, do, w, func() string { return d.Status.ValueString() })
}

func (d *droplet) awaitTruth(ctx context.Context, do *account, what string, target bool, fact func() bool, limit time.Duration) error {
	w := wait{what: what, pending: []string{strconv.FormatBool(!target)}, target: strconv.FormatBool(target), timeout: limit}
	return d.await(ctx, do, w, func() string { return strconv.FormatBool(fact()) })
}
