#!/bin/sh
# ThreeClassrooms: the hub's commands (account, claim-code, seed), with the service's settings and as the service's user.
set -eu
user=three-classrooms
command=${1:---help}
[ $# -eq 0 ] || shift
as_service() {
  if [ "$(id -un)" = "$user" ]; then
    exec "$@"
  elif [ "$(id -u)" -eq 0 ]; then
    exec runuser -u "$user" -- "$@"
  else
    exec sudo -u "$user" -- "$@"
  fi
}
hub() {
  cd /
  as_service /usr/bin/env DOTNET_NOLOGO=1 LANG="${LANG:-}" LC_ALL="${LC_ALL:-}" dotnet @FOLDER@/ThreeClassrooms.Hub.dll "$command" "$@"
}
settings="--config /etc/three-classrooms/hub.json --Hub:Port @PORT@ --Hub:DataFolder /var/lib/three-classrooms --Hub:Https true"
# The file of seed is read here: the service's user may not enter the caller's folders.
if [ "$command" = seed ] && [ $# -gt 0 ] && [ -f "$1" ]; then
  exec <"$1"
  shift
  set -- - "$@"
fi
# shellcheck disable=SC2086  # the settings are our own words
hub "$@" $settings
