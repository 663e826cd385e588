package main

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// A data source: what its attributes are, and how they are found.
type lookup[M any] struct {
	do    *account
	name  string
	shape map[string]schema.Attribute
	// Missing where attributes do not depend on each other.
	validate func(config *M) error
	find     func(ctx context.Context, do *account, wanted *M) error
}

func (l *lookup[M]) Metadata(_ context.Context, _ datasource.MetadataRequest, response *datasource.MetadataResponse) {
	response.TypeName = providerName + "_" + l.name
}

func (l *lookup[M]) Schema(_ context.Context, _ datasource.SchemaRequest, response *datasource.SchemaResponse) {
	response.Schema = schema.Schema{Attributes: l.shape}
}

func (l *lookup[M]) Configure(_ context.Context, request datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	l.do, _ = request.ProviderData.(*account)
}

func (l *lookup[M]) ValidateConfig(ctx context.Context, request datasource.ValidateConfigRequest, response *datasource.ValidateConfigResponse) {
	var config M
	if response.Diagnostics.Append(request.Config.Get(ctx, &config)...); l.validate == nil || response.Diagnostics.HasError() {
		return
	}
	if err := l.validate(&config); err != nil {
		response.Diagnostics.AddError("Invalid combination of arguments", err.Error())
	}
}

func (l *lookup[M]) Read(ctx context.Context, request datasource.ReadRequest, response *datasource.ReadResponse) {
	var wanted M
	if response.Diagnostics.Append(request.Config.Get(ctx, &wanted)...); response.Diagnostics.HasError() {
		return
	}
	if err := l.find(ctx, l.do, &wanted); err != nil {
		response.Diagnostics.AddError(fmt.Sprintf("%s_%s: cannot find it", providerName, l.name), err.Error())
		return
	}
	response.Diagnostics.Append(save(ctx, &response.State, &wanted)...)
}

// The one that fits; none and several are errors.
func only[T any](of []T, what string, fits func(T) bool) (*T, error) {
	var found []T
	for _, candidate := range of {
		if fits(candidate) {
			found = append(found, candidate)
		}
	}
	if len(found) != 1 {
		return nil, fmt.Errorf("found %d %s, expected 1", len(found), what)
	}
	return &found[0], nil
}

func dataText(use usage, checks ...validator.String) schema.StringAttribute {
	return schema.StringAttribute{Required: use == required, Optional: use.takes(), Computed: use.computes(), Validators: checks}
}

func dataWhole(use usage) schema.Int64Attribute {
	return schema.Int64Attribute{Optional: use.takes(), Computed: use.computes()}
}

func dataTruth(use usage) schema.BoolAttribute {
	return schema.BoolAttribute{Optional: use.takes(), Computed: use.computes()}
}

func dataSet(element attr.Type, use usage) schema.SetAttribute {
	return schema.SetAttribute{ElementType: element, Optional: use.takes(), Computed: use.computes()}
}

// Fills computed texts.
func dataTexts(shape map[string]schema.Attribute, names ...string) map[string]schema.Attribute {
	for _, name := range names {
		shape[name] = dataText(computed)
	}
	return shape
}
