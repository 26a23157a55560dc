#!/usr/bin/env bash
# ThreeClassrooms: demo, test, and installation of the hub and the classroom agent. Safe to run twice.
# Uses no other network than the distribution's packages and NuGet (and npm for the second WebRTC client of the tests).
set -euo pipefail
cd "$(dirname "$0")"

# --- messages: Chinese unless the environment asks for English ---------------------------------------------------
language=zh
case "${LC_ALL:-${LANG:-}}" in en*) language=en ;; esac
say() { # say KEY [ARGUMENT...]
  local key=$1 text
  shift
  text=$(sed -n "s/^$key=//p" "config/messages/install.$language")
  # shellcheck disable=SC2059  # the formats are our own
  printf "$text\n" "$@"
}
fail() { say "$@" >&2; exit 1; }
# The same language for the programs that are called.
tongue() { if [[ $language == en ]]; then echo --english; else echo --chinese; fi; }

# --- what the machine must have ----------------------------------------------------------------------------------
need_dotnet() {
  command -v dotnet >/dev/null || fail need_dotnet
  dotnet --list-sdks | grep -q '^10\.' || fail need_dotnet
  export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
}

# need_packages COMMAND=PACKAGE...: installs the packages of the commands (or /paths) that are not there
need_packages() {
  local missing=() pair probe
  for pair in "$@"; do
    probe=${pair%%=*}
    if [[ $probe == /* ]]; then
      compgen -G "$probe" >/dev/null || missing+=("${pair#*=}")
    else
      command -v "$probe" >/dev/null || [[ -x /usr/sbin/$probe ]] || missing+=("${pair#*=}")
    fi
  done
  ((${#missing[@]})) || return 0
  local install="apt-get install -y --no-install-recommends ${missing[*]}"
  if ((EUID == 0)); then
    say packages_installing "${missing[*]}"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive $install -qq; } >/tmp/three-classrooms-apt.log 2>&1 \
      || { tail -n 5 /tmp/three-classrooms-apt.log >&2; fail packages_missing "$install"; }
  elif sudo -n true 2>/dev/null; then
    say packages_installing "${missing[*]}"
    { sudo -n apt-get update -qq && sudo -n env DEBIAN_FRONTEND=noninteractive $install -qq; } >/tmp/three-classrooms-apt.log 2>&1 \
      || { tail -n 5 /tmp/three-classrooms-apt.log >&2; fail packages_missing "sudo $install"; }
  else
    fail packages_missing "sudo apt-get update && sudo $install"
  fi
}

media_packages=(ffmpeg=ffmpeg '/usr/lib/*/libssl.so.3=libssl3')
# The broker (the hub starts its own; Debian's service of the same name is not used) and the client library of both sides.
broker_packages=(mosquitto=mosquitto openssl=openssl '/usr/lib/*/libmosquitto.so.1=libmosquitto1')
link_packages=('/usr/lib/*/libmosquitto.so.1=libmosquitto1')
screen_packages=(mpv=mpv '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc=fonts-noto-cjk')
test_packages=(chromium=chromium Xvfb=xvfb nft=nftables '/usr/lib/postgresql/*/bin/initdb=postgresql' node=nodejs npm=npm
  import=imagemagick mosquitto_pub=mosquitto-clients strace=strace mount=mount)

# watched WHAT COMMAND...: runs a command that is silent for minutes and says now and then, on the error stream of the script, that it goes on
exec 3>&2
watched() {
  local what=$1 begun=$SECONDS pid
  shift
  "$@" 3>&- &
  pid=$!
  while sleep 0.5; kill -0 "$pid" 2>/dev/null; do
    if ((SECONDS - begun > 0 && (SECONDS - begun) % 15 == 0)); then
      say still_building "$what" "$((SECONDS - begun))" >&3
      sleep 0.6
    fi
  done
  wait "$pid"
}

build() { # build PROJECT-OR-SOLUTION
  local log=artifacts/build.log
  mkdir -p artifacts
  say building
  watched "$1" dotnet build "$1" -c Release -nologo -clp:ErrorsOnly >"$log" 2>&1 || { tail -n 30 "$log" >&2; fail build_failed "$log"; }
}

# --- demo ----------------------------------------------------------------------------------------------------------
demo() {
  need_dotnet
  need_packages "${media_packages[@]}" "${broker_packages[@]}" "${screen_packages[1]}"
  build hub/ThreeClassrooms.Hub.csproj
  build classroom-agent/ThreeClassrooms.Agent.csproj
  exec dotnet hub/bin/Release/net10.0/ThreeClassrooms.Hub.dll demo "$@"
}

# --- test ----------------------------------------------------------------------------------------------------------
run_tests() {
  need_dotnet
  need_packages "${media_packages[@]}" "${broker_packages[@]}" "${screen_packages[@]}" "${test_packages[@]}"
  rm -rf artifacts/test
  mkdir -p artifacts/test
  build ThreeClassrooms.sln
  # The format check takes one core for minutes; it runs beside the first tests.
  dotnet format ThreeClassrooms.sln --verify-no-changes --no-restore --exclude hub/Storage/Migrations >artifacts/format.log 2>&1 &
  local formatting=$!
  (cd tests/EndToEnd/node && npm ci --no-audit --no-fund >../../../artifacts/npm.log 2>&1) || { tail -n 20 artifacts/npm.log >&2; exit 1; }
  local project log failed=0
  for project in tests/Media.Tests tests/Hub.Tests tests/Agent.Tests tests/EndToEnd; do
    if [[ $project == tests/EndToEnd ]]; then
      say formatting
      wait "$formatting" || { tail -n 30 artifacts/format.log >&2; say format_failed >&2; failed=1; }
    fi
    say testing "$project"
    log="artifacts/test/$(basename "$project").log"
    if ! dotnet test "$project" -c Release --no-build --nologo --logger "trx;LogFileName=$(basename "$project").trx" \
      --results-directory artifacts/test >"$log" 2>&1; then
      failed=1
      # What failed; where no test did (a fixture's clean-up, a test host that died), what the run said last.
      grep -E -A 12 '^\s+Failed ' "$log" | grep -v '^\[xUnit' | cut -c 1-400 | head -n 90 || tail -n 40 "$log" | cut -c 1-400
    fi
  done
  count "$failed"
}

# Adds up the result files: the last line is "N passed, N failed, N skipped".
count() {
  local total=0 passed=0 skipped=0 file line executed
  for file in artifacts/test/*.trx; do
    [[ -e $file ]] || continue
    line=$(grep -o '<Counters [^>]*>' "$file")
    executed=$(sed -E 's/.* executed="([0-9]+)".*/\1/' <<<"$line")
    total=$((total + $(sed -E 's/.* total="([0-9]+)".*/\1/' <<<"$line")))
    passed=$((passed + $(sed -E 's/.* passed="([0-9]+)".*/\1/' <<<"$line")))
    skipped=$((skipped + $(sed -E 's/.* total="([0-9]+)".*/\1/' <<<"$line") - executed))
  done
  ((total > 0)) || fail no_tests
  local lost=$((total - passed - skipped))
  # A test host that died leaves tests without a result: that is a failure too.
  if (($1 != 0 && lost == 0)); then lost=1; fi
  echo "$passed passed, $lost failed, $skipped skipped"
  ((lost == 0))
}

# --- hub and agent -------------------------------------------------------------------------------------------------
publish() { # publish PROJECT TARGET
  say building
  mkdir -p artifacts
  watched "$1" dotnet publish "$1" -c Release -nologo -clp:ErrorsOnly -o "$2" >artifacts/publish.log 2>&1 \
    || { tail -n 30 artifacts/publish.log >&2; fail build_failed artifacts/publish.log; }
}

# The key that signs releases: made once; only root reads its private half, devices get the public half when they enrol.
signing_key=/etc/three-classrooms/release-signing.pem
release_key() {
  install -d -m 0755 /etc/three-classrooms
  if [[ ! -s $signing_key ]]; then
    (umask 077; openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$signing_key.new" 2>/dev/null && sync "$signing_key.new" && mv "$signing_key.new" "$signing_key")
  fi
  openssl pkey -in "$signing_key" -pubout -out "$releases/release-key.pem"
  chown three-classrooms:three-classrooms "$releases/release-key.pem"
}

# A release of the agent for the devices of this hub, laid where the hub takes it in. The same source gives the same package, byte for byte.
pack_agent() {
  local version files releases=/var/lib/three-classrooms/releases
  version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)
  files=$(mktemp -d)
  publish classroom-agent/ThreeClassrooms.Agent.csproj "$files"
  # What classrooms have: a third of the package, over lines that are slow.
  find "$files/runtimes" -mindepth 1 -maxdepth 1 ! -name linux-x64 ! -name linux-arm64 ! -name linux-arm -exec rm -rf {} +
  rm -f "$files"/*.xml
  printf '{"version":"%s"}\n' "$version" >"$files/release.json"
  install -d -o three-classrooms -g three-classrooms -m 0750 "$releases" "$releases/incoming"
  release_key
  tar --format=ustar --sort=name --owner=0 --group=0 --numeric-owner --mode=u+rw,go=rX --mtime=@0 -C "$files" -cf - . | gzip -n >"$releases/incoming/.packing"
  chown three-classrooms:three-classrooms "$releases/incoming/.packing"
  dotnet "$files/ThreeClassrooms.Agent.dll" sign --package "$releases/incoming/.packing" --key "$signing_key" >/dev/null
  chown three-classrooms:three-classrooms "$releases/incoming/.packing.sig"
  mv "$releases/incoming/.packing.sig" "$releases/incoming/three-classrooms-agent-$version.tar.gz.sig"
  mv "$releases/incoming/.packing" "$releases/incoming/three-classrooms-agent-$version.tar.gz"
  rm -rf "$files"
}

service_user() {
  id three-classrooms >/dev/null 2>&1 || useradd --system --home-dir /var/lib/three-classrooms --shell /usr/sbin/nologin three-classrooms
}

install_hub() {
  local foreground=0 port=8443 broker_is_new=0
  [[ -x /usr/sbin/mosquitto ]] || broker_is_new=1
  while (($#)); do
    case $1 in
      --foreground) foreground=1 ;;
      --port) port=$2; shift ;;
      *) fail unknown "$1" ;;
    esac
    shift
  done
  need_dotnet
  need_packages "${media_packages[@]}" "${broker_packages[@]}"
  if ((foreground)); then
    build hub/ThreeClassrooms.Hub.csproj
    exec dotnet hub/bin/Release/net10.0/ThreeClassrooms.Hub.dll --Hub:Port "$port"
  fi
  ((EUID == 0)) || fail need_root
  service_user
  # Debian's package starts a broker of its own on 1883, which nobody here uses; one that was there before is left alone.
  if ((broker_is_new)); then systemctl disable --now mosquitto >/dev/null 2>&1 || true; fi
  publish hub/ThreeClassrooms.Hub.csproj /opt/three-classrooms/hub
  install -d -o three-classrooms -g three-classrooms -m 0750 /var/lib/three-classrooms
  pack_agent
  install -d -m 0755 /etc/three-classrooms
  [[ -e /etc/three-classrooms/hub.json ]] || install -m 0640 -g three-classrooms config/hub.json /etc/three-classrooms/hub.json
  [[ -e /etc/three-classrooms/credit-policy.json ]] || install -m 0644 config/credit-policy.json /etc/three-classrooms/credit-policy.json
  sed "s/@PORT@/$port/g" config/systemd/three-classrooms-hub.service >/etc/systemd/system/three-classrooms-hub.service
  sed "s/@PORT@/$port/g; s:@FOLDER@:/opt/three-classrooms/hub:g" config/three-classrooms.sh >/usr/local/bin/three-classrooms
  chmod 0755 /usr/local/bin/three-classrooms
  # The first accounts, one for each of the two offices; a repeated installation finds accounts there and changes nothing.
  /usr/local/bin/three-classrooms account --first "$(tongue)"
  systemctl daemon-reload
  systemctl enable --now three-classrooms-hub
  systemctl restart three-classrooms-hub
  local pin=''
  # The pin is the SHA-256 of the certificate's key, which stays when the certificate is renewed.
  pin=$(timeout 20 bash -c "until openssl s_client -connect 127.0.0.1:$port </dev/null 2>/dev/null | openssl x509 -noout -pubkey 2>/dev/null; do sleep 1; done" \
    | openssl pkey -pubin -outform DER 2>/dev/null | sha256sum | cut -d' ' -f1) || true
  say hub_installed "https://$(hostname -f 2>/dev/null || hostname):$port" "$port" "$pin"
}

# stays UNIT: whether a service is up and the same process for five seconds, within half a minute
stays() {
  local i before after
  for i in {1..6}; do
    before=$(systemctl show -p MainPID --value "$1")
    sleep 5
    after=$(systemctl show -p MainPID --value "$1")
    if [[ $after != 0 && $after == "$before" ]] && systemctl is-active --quiet "$1"; then return 0; fi
  done
  return 1
}

install_agent() {
  local foreground=0 screen=0 hub='' code='' pin=()
  while (($#)); do
    case $1 in
      --foreground) foreground=1 ;;
      --hub) hub=$2; shift ;;
      --code) code=$2; shift ;;
      --screen) screen=1 ;;
      --pin) pin=(--hub-cert-sha256 "$2"); shift ;;
      *) fail unknown "$1" ;;
    esac
    shift
  done
  [[ -n $hub && -n $code ]] || fail agent_args
  need_dotnet
  need_packages "${media_packages[@]}" "${link_packages[@]}" "${screen_packages[@]}"
  if ((foreground)); then
    build classroom-agent/ThreeClassrooms.Agent.csproj
    local agent=(dotnet classroom-agent/bin/Release/net10.0/ThreeClassrooms.Agent.dll) data
    data=$PWD/data/agent
    mkdir -p "$data"
    "${agent[@]}" enrol --data "$data" --hub "$hub" --code "$code" "${pin[@]}"
    exec "${agent[@]}" run --data "$data" "${pin[@]}"
  fi
  ((EUID == 0)) || fail need_root
  service_user
  publish classroom-agent/ThreeClassrooms.Agent.csproj /opt/three-classrooms/agent
  install -d -o three-classrooms -g three-classrooms -m 0700 /var/lib/three-classrooms-agent
  install -d -m 0755 /etc/three-classrooms
  [[ -e /etc/three-classrooms/agent.json ]] || install -m 0644 config/agent.json /etc/three-classrooms/agent.json
  runuser -u three-classrooms -- dotnet /opt/three-classrooms/agent/ThreeClassrooms.Agent.dll enrol \
    --data /var/lib/three-classrooms-agent --hub "$hub" --code "$code" "${pin[@]}"
  local group
  for group in video audio render input; do getent group "$group" >/dev/null || groupadd --system "$group"; done
  install -m 0644 config/systemd/three-classrooms-agent.service /etc/systemd/system/three-classrooms-agent.service
  if ((screen)); then
    need_packages Xorg=xserver-xorg
    install -m 0644 config/systemd/three-classrooms-screen.service /etc/systemd/system/three-classrooms-screen.service
    install -d -m 0755 /etc/systemd/system/three-classrooms-agent.service.d
    printf '[Unit]\nWants=three-classrooms-screen.service\nAfter=three-classrooms-screen.service\n\n[Service]\nEnvironment=DISPLAY=:0\n' \
      >/etc/systemd/system/three-classrooms-agent.service.d/screen.conf
  fi
  systemctl daemon-reload
  if ((screen)); then systemctl enable --now three-classrooms-screen; fi
  systemctl enable --now three-classrooms-agent || true
  systemctl restart three-classrooms-agent || true
  stays three-classrooms-agent || fail agent_not_running "$(journalctl -u three-classrooms-agent -n 15 --no-pager 2>&1)"
  say agent_installed
}

# --- commands ------------------------------------------------------------------------------------------------------
arguments=()
for argument in "$@"; do
  case $argument in
    --english) language=en ;;
    --chinese) language=zh ;;
    *) arguments+=("$argument") ;;
  esac
done
set -- "${arguments[@]+"${arguments[@]}"}"
command=${1:-}
(($#)) && shift
case $command in
  demo) demo "$@" ;;
  test) run_tests "$@" ;;
  hub) install_hub "$@" ;;
  agent) install_agent "$@" ;;
  '' | -h | --help | help) say usage ;;
  *) say unknown "$command" >&2; say usage >&2; exit 2 ;;
esac
