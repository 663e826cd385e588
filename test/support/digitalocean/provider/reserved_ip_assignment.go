package main

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type reservedIPAssignment struct {
	ID        types.String `tfsdk:"id"`
	IPAddress types.String `tfsdk:"ip_address"`
	DropletID types.Int64  `tfsdk:"droplet_id"`
}

func (a *reservedIPAssignment) identity() *types.String { return &a.ID }
func (a *reservedIPAssignment) droplet() int            { return int(a.DropletID.ValueInt64()) }
func (a *reservedIPAssignment) ip() string              { return a.IPAddress.ValueString() }

func reservedIPAssignmentResource() resource.Resource {
	return &kind[reservedIPAssignment, *reservedIPAssignment]{
		name: "reserved_ip_assignment",
		shape: schema.Schema{Attributes: map[string]schema.Attribute{
			"id":         text(optionalComputed),
			"ip_address": text(required, ipv4, replaces{}),
			"droplet_id": whole(required, notZero, replaces{}),
		}},
		create: func(ctx context.Context, do *account, planned, _ *reservedIPAssignment) error {
			if err := do.point(ctx, planned.ip(), planned.droplet()); err != nil {
				return err
			}
			// What does not hold after all is noticed by the next read.
			if _, err := pointsAt(ctx, do, planned); err != nil {
				return err
			}
			planned.ID = inventedID(planned.droplet(), planned.ip())
			return nil
		},
		read: pointsAt,
		remove: func(ctx context.Context, do *account, state *reservedIPAssignment) error {
			holds, err := pointsAt(ctx, do, state)
			if err != nil || !holds {
				return err
			}
			return do.point(ctx, state.ip(), 0)
		},
	}
}

// An address that is gone is an error, not a removal, as in the real provider.
func pointsAt(ctx context.Context, do *account, state *reservedIPAssignment) (bool, error) {
	found, _, err := do.ReservedIPs.Get(ctx, state.ip())
	if err != nil {
		return false, err
	}
	return found.Droplet != nil && found.Droplet.ID == state.droplet(), nil
}
