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
	newestVersion   = "2.99.1"
)

type standIn struct{}

type providerModel struct {
	Token       types.String `tfsdk:"token"`
	APIEndpoint types.String `tfsdk:"api_endpoint"`
}

func (*standIn) Metadata(_ context.Context, _ provider.MetadataRequest, response *provider.MetadataResponse) {
	response.TypeName = providerName
	response.Version = providerVersion
}

func (*standIn) Schema(_ context.Context, _ provider.SchemaRequest, response *provider.SchemaResponse) {
	text := schema.StringAttribute{Optional: true}
	response.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"token":        text,
		"api_endpoint": text,
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
