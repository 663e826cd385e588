package main

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
)

// Tells Terraform what the real provider's older SDK tells it: values may be normalized between
// configuration, plan and state. Without this a hash of user_data could not stand in the state.
type tolerant struct{ tfprotov5.ProviderServer }

func (t tolerant) PlanResourceChange(ctx context.Context, request *tfprotov5.PlanResourceChangeRequest) (*tfprotov5.PlanResourceChangeResponse, error) {
	response, err := t.ProviderServer.PlanResourceChange(ctx, request)
	if response != nil {
		response.UnsafeToUseLegacyTypeSystem = true
	}
	return response, err
}

func (t tolerant) ApplyResourceChange(ctx context.Context, request *tfprotov5.ApplyResourceChangeRequest) (*tfprotov5.ApplyResourceChangeResponse, error) {
	response, err := t.ProviderServer.ApplyResourceChange(ctx, request)
	if response != nil {
		response.UnsafeToUseLegacyTypeSystem = true
	}
	return response, err
}
