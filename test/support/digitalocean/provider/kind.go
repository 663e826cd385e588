package main

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// A resource's attributes as a struct, one field each.
type record[M any] interface {
	*M
	identity() *types.String
}

// One type of resource: what its attributes are, and which calls it makes.
type kind[M any, P record[M]] struct {
	do *account
	// Without the provider's name in front.
	name  string
	shape schema.Schema
	// Sets the identity as soon as there is one, so that a failure after it leaves a tainted resource.
	create func(ctx context.Context, do *account, planned, config P) error
	// Reports whether it is still there.
	read func(ctx context.Context, do *account, state P) (bool, error)
	// Missing where every change replaces.
	update func(ctx context.Context, do *account, before, planned P) error
	remove func(ctx context.Context, do *account, state P) error
	// Missing where the id is all that an import needs.
	adopt func(ctx context.Context, do *account, id string, set func(attribute string, value any)) error
	// Missing where attributes do not depend on each other.
	validate func(config P) error
	// `before` is nil for what is to be created.
	plan func(ctx context.Context, before, planned P, response *resource.ModifyPlanResponse)
}

func (k *kind[M, P]) Metadata(_ context.Context, _ resource.MetadataRequest, response *resource.MetadataResponse) {
	response.TypeName = providerName + "_" + k.name
}

func (k *kind[M, P]) Schema(_ context.Context, _ resource.SchemaRequest, response *resource.SchemaResponse) {
	response.Schema = k.shape
}

func (k *kind[M, P]) Configure(_ context.Context, request resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	k.do, _ = request.ProviderData.(*account)
}

func (k *kind[M, P]) ValidateConfig(ctx context.Context, request resource.ValidateConfigRequest, response *resource.ValidateConfigResponse) {
	var config M
	if response.Diagnostics.Append(request.Config.Get(ctx, &config)...); k.validate == nil || response.Diagnostics.HasError() {
		return
	}
	k.report(&response.Diagnostics, "validate", k.validate(&config))
}

func (k *kind[M, P]) ModifyPlan(ctx context.Context, request resource.ModifyPlanRequest, response *resource.ModifyPlanResponse) {
	if k.plan == nil || request.Plan.Raw.IsNull() {
		return
	}
	var before, planned M
	response.Diagnostics.Append(request.Plan.Get(ctx, &planned)...)
	if request.State.Raw.IsNull() {
		k.plan(ctx, nil, &planned, response)
		return
	}
	response.Diagnostics.Append(request.State.Get(ctx, &before)...)
	k.plan(ctx, &before, &planned, response)
}

func (k *kind[M, P]) Create(ctx context.Context, request resource.CreateRequest, response *resource.CreateResponse) {
	var planned, config M
	response.Diagnostics.Append(request.Plan.Get(ctx, &planned)...)
	response.Diagnostics.Append(request.Config.Get(ctx, &config)...)
	if response.Diagnostics.HasError() {
		return
	}
	err := k.create(ctx, k.do, &planned, &config)
	if P(&planned).identity().ValueString() != "" {
		response.Diagnostics.Append(save(ctx, &response.State, &planned)...)
	}
	k.report(&response.Diagnostics, "create", err)
}

func (k *kind[M, P]) Read(ctx context.Context, request resource.ReadRequest, response *resource.ReadResponse) {
	var state M
	if response.Diagnostics.Append(request.State.Get(ctx, &state)...); response.Diagnostics.HasError() {
		return
	}
	there, err := k.read(ctx, k.do, &state)
	if k.report(&response.Diagnostics, "read", err); err != nil {
		return
	}
	if !there {
		response.State.RemoveResource(ctx)
		return
	}
	response.Diagnostics.Append(save(ctx, &response.State, &state)...)
}

func (k *kind[M, P]) Update(ctx context.Context, request resource.UpdateRequest, response *resource.UpdateResponse) {
	var before, planned M
	response.Diagnostics.Append(request.State.Get(ctx, &before)...)
	response.Diagnostics.Append(request.Plan.Get(ctx, &planned)...)
	if response.Diagnostics.HasError() {
		return
	}
	if k.update != nil {
		if err := k.update(ctx, k.do, &before, &planned); err != nil {
			k.report(&response.Diagnostics, "update", err)
			return
		}
	}
	response.Diagnostics.Append(save(ctx, &response.State, &planned)...)
}

func (k *kind[M, P]) Delete(ctx context.Context, request resource.DeleteRequest, response *resource.DeleteResponse) {
	var state M
	if response.Diagnostics.Append(request.State.Get(ctx, &state)...); response.Diagnostics.HasError() {
		return
	}
	k.report(&response.Diagnostics, "delete", k.remove(ctx, k.do, &state))
}

func (k *kind[M, P]) ImportState(ctx context.Context, request resource.ImportStateRequest, response *resource.ImportStateResponse) {
	set := func(attribute string, value any) {
		response.Diagnostics.Append(response.State.SetAttribute(ctx, path.Root(attribute), value)...)
	}
	if k.adopt == nil {
		set("id", request.ID)
		return
	}
	k.report(&response.Diagnostics, "import", k.adopt(ctx, k.do, request.ID, set))
}

func (k *kind[M, P]) report(diagnostics *diag.Diagnostics, verb string, err error) {
	if err != nil {
		diagnostics.AddError(fmt.Sprintf("%s_%s: cannot %s it", providerName, k.name, verb), err.Error())
	}
}

// What is still unknown after the work is null, as in the older SDK.
func save(ctx context.Context, state *tfsdk.State, values any) diag.Diagnostics {
	diagnostics := state.Set(ctx, values)
	known, err := tftypes.Transform(state.Raw, func(_ *tftypes.AttributePath, value tftypes.Value) (tftypes.Value, error) {
		if value.IsKnown() {
			return value, nil
		}
		return tftypes.NewValue(value.Type(), nil), nil
	})
	if err != nil {
		diagnostics.AddError("The state cannot be saved", err.Error())
	}
	state.Raw = known
	return diagnostics
}
