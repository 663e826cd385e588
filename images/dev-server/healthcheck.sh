#!/bin/bash
# Healthy: one of the two management paths returns the version, as for a CLI.
returns_version() { [[ $(ask.sh "${PORT:-4466}" "$1" "{\"query\":\"{ $2 { version } }\"}") == *'"version":"'* ]]; }
returns_version /management serverInfo || returns_version /cluster clusterInfo
