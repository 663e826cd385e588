package main

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

const (
	providerName    = "digitalocean"
	providerVersion = "2.71.0"
)

type standIn struct{}

type providerModel struct {
	Token             types.String  `tfsdk:"token"`
	APIEndpoint       types.String  `tfsdk:"api_endpoint"`
	SpacesEndpoint    types.String  `tfsdk:"spaces_endpoint"`
	SpacesAccessID    types.String  `tfsdk:"spaces_access_id"`
	SpacesSecretKey   types.String  `tfsdk:"spaces_secret_key"`
	RequestsPerSecond types.Float64 `tfsdk:"requests_per_second"`
	HTTPRetryMax      types.Int64   `tfsdk:"http_retry_max"`
	HTTPRetryWaitMin  types.Float64 `tfsdk:"http_retry_wait_min"`
	HTTPRetryWaitMax  types.Float64 `tfsdk:"http_retry_wait_max"`
}

func (*standIn) Metadata(_ context.Context, _ provider.MetadataRequest, response *provider.MetadataResponse) {
	response.TypeName = providerName
	response.Version = providerVersion
}

func (*standIn) Schema(_ context.Context, _ provider.SchemaRequest, response *provider.SchemaResponse) {
	text := schema.StringAttribute{Optional: true}
	number := schema.Float64Attribute{Optional: true}
	response.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"token":               text,
		"api_endpoint":        text,
		"spaces_endpoint":     text,
		"spaces_access_id":    text,
		"spaces_secret_key":   text,
		"requests_per_second": number,
		"http_retry_max":      schema.Int64Attribute{Optional: true},
		"http_retry_wait_min": number,
		"http_retry_wait_max": number,
	}}
}

func (*standIn) Configure(ctx context.Context, request provider.ConfigureRequest, response *provider.ConfigureResponse) {
	var config providerModel
	response.Diagnostics.Append(request.Config.Get(ctx, &config)...)
	if response.Diagnostics.HasError() {
		return
	}
	account, err := openAccount(config, request.TerraformVersion)
	if err != nil {
		response.Diagnostics.AddError("The provider cannot be configured", err.Error())
		return
	}
	response.ResourceData = account
}

func (*standIn) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		sshKeyResource,
		dropletResource,
		volumeResource,
		volumeAttachmentResource,
		firewallResource,
		reservedIPResource,
		reservedIPAssignmentResource,
		projectResource,
		projectResourcesResource,
		tagResource,
	}
}

func (*standIn) DataSources(context.Context) []func() datasource.DataSource { return nil }
