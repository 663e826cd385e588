package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/digitalocean/godo"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type reservedIP struct {
	ID        types.String `tfsdk:"id"`
	Region    types.String `tfsdk:"region"`
	URN       types.String `tfsdk:"urn"`
	IPAddress types.String `tfsdk:"ip_address"`
	DropletID types.Int64  `tfsdk:"droplet_id"`
}

func (r *reservedIP) identity() *types.String { return &r.ID }
func (r *reservedIP) droplet() int            { return int(r.DropletID.ValueInt64()) }

func reservedIPResource() resource.Resource {
	return &kind[reservedIP, *reservedIP]{
		name: "reserved_ip",
		shape: schema.Schema{Attributes: map[string]schema.Attribute{
			"id":         text(optionalComputed),
			"region":     text(required, lowercase, replaces{}),
			"urn":        text(computed),
			"ip_address": text(optionalComputed, ipv4),
			"droplet_id": whole(optional),
		}},
		create: createReservedIP,
		read:   readReservedIP,
		update: func(ctx context.Context, do *account, before, planned *reservedIP) error {
			if !planned.DropletID.Equal(before.DropletID) {
				if err := do.point(ctx, planned.ID.ValueString(), planned.droplet()); err != nil {
					return err
				}
			}
			_, err := readReservedIP(ctx, do, planned)
			return err
		},
		remove: func(ctx context.Context, do *account, state *reservedIP) error {
			ip := state.ID.ValueString()
			if state.droplet() != 0 {
				// Refused where it points nowhere any more.
				if err := do.point(ctx, ip, 0); err != nil && !isStatus(err, http.StatusUnprocessableEntity) {
					return err
				}
			}
			_, err := do.ReservedIPs.Delete(ctx, ip)
			return err
		},
		adopt: func(ctx context.Context, do *account, id string, set func(string, any)) error {
			set("id", id)
			found, _, err := do.ReservedIPs.Get(ctx, id)
			if err == nil && found.Droplet != nil {
				set("droplet_id", found.Droplet.ID)
			}
			if isGone(err) {
				return nil
			}
			return err
		},
	}
}

func createReservedIP(ctx context.Context, do *account, planned, _ *reservedIP) error {
	made, _, err := do.ReservedIPs.Create(ctx, &godo.ReservedIPCreateRequest{Region: planned.Region.ValueString()})
	if err != nil {
		return err
	}
	planned.ID = types.StringValue(made.IP)
	if planned.droplet() != 0 {
		if err := do.point(ctx, made.IP, planned.droplet()); err != nil {
			return err
		}
	}
	_, err = readReservedIP(ctx, do, planned)
	return err
}

// An address that points elsewhere than the state says is not noticed, as in the real provider.
func readReservedIP(ctx context.Context, do *account, state *reservedIP) (bool, error) {
	found, _, err := do.ReservedIPs.Get(ctx, state.ID.ValueString())
	if isGone(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	region := found.Region
	if state.droplet() != 0 && found.Droplet != nil {
		region = found.Droplet.Region
		state.DropletID = types.Int64Value(int64(found.Droplet.ID))
	}
	if region == nil {
		return false, errors.New("the API's reserved IP, or its droplet, has no `region` object")
	}
	state.Region = types.StringValue(region.Slug)
	state.IPAddress = types.StringValue(found.IP)
	state.URN = types.StringValue(found.URN())
	return true, nil
}

// Points the address at a droplet, or nowhere with 0, and waits for the action.
func (do *account) point(ctx context.Context, ip string, droplet int) error {
	if err := do.awaitActions(ctx, droplet); err != nil {
		return err
	}
	start := func() (*godo.Action, *godo.Response, error) { return do.ReservedIPActions.Assign(ctx, ip, droplet) }
	if droplet == 0 {
		start = func() (*godo.Action, *godo.Response, error) { return do.ReservedIPActions.Unassign(ctx, ip) }
	}
	action, _, err := start()
	if err != nil {
		return err
	}
	return do.pace.until(ctx, wait{
		what:    fmt.Sprintf("action %d of reserved IP %s", action.ID, ip),
		pending: []string{"new", "in-progress"},
		target:  "completed",
		timeout: hour,
		look: func() (string, error) {
			now, _, err := do.ReservedIPActions.Get(ctx, ip, action.ID)
			if do.isNewest && isGone(err) {
				return do.holds(ctx, ip, droplet)
			}
			if err != nil {
				return "", err
			}
			return now.Status, nil
		},
	})
}
