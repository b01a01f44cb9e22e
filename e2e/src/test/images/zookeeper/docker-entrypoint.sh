#!/bin/bash
# As the official image's: writes a zoo.cfg and a myid where there are none, then becomes the command.
set -e

[[ -f $ZOO_CONF_DIR/zoo.cfg ]] || echo "dataDir=$ZOO_DATA_DIR" >"$ZOO_CONF_DIR/zoo.cfg"
[[ -f $ZOO_DATA_DIR/myid ]] || echo "${ZOO_MY_ID:-1}" >"$ZOO_DATA_DIR/myid"

exec "$@"
