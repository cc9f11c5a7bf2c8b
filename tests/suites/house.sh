#!/bin/sh
# SPDX-License-Identifier: MIT
exec sh "$(dirname "$0")/../../tools/house.sh"
