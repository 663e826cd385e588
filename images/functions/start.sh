#!/bin/sh
# Starts the function in the working directory: with the framework among its own packages, or else with the image's.
main=node_modules/@google-cloud/functions-framework/build/src/main.js
[ -f "$main" ] || main=/$main
exec node "$main"
