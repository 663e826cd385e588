// A stand-in for the Terraform provider digitalocean/digitalocean, for machines that cannot reach
// Terraform's registry. It is test ground and no product: it has the schema and the behaviour of the
// real provider's version 2.71.0 for the resources that clusterkit uses, and nothing else.
package main

import (
	"flag"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tfprotov5/tf5server"
)

// Where Terraform looks for the provider; the real one has the same address.
const address = "registry.terraform.io/digitalocean/digitalocean"

func main() {
	debug := flag.Bool("debug", false, "wait for a debugger")
	flag.Parse()
	framework := providerserver.NewProtocol5(&standIn{})
	var options []tf5server.ServeOpt
	if *debug {
		options = append(options, tf5server.WithManagedDebug())
	}
	serve := func() tfprotov5.ProviderServer { return tolerant{framework()} }
	if err := tf5server.Serve(address, serve, options...); err != nil {
		log.Fatal(err)
	}
}
