#!/bin/bash
# Healthy means: one of the two management paths tells its version, as it would a CLI.
tells_version() { [[ $(ask.sh "${PORT:-4466}" "$1" "{\"query\":\"{ $2 { version } }\"}") == *'"version":"'* ]]; }
tells_version /management serverInfo || tells_version /cluster clusterInfo
