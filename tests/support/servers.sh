# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# Real engines and daemons for shell tests, to be read after tap.sh.  Each
# lives in $tmp, listens on a unix socket or on the loopback, and is ended by
# the process id that was noted when it was started.

# wait_for SECONDS COMMAND...: until COMMAND succeeds.
wait_for ()
{
  local tries=$(($1 * 10))
  shift
  while ! "$@" >/dev/null 2>&1; do
    [ "$((tries--))" -gt 0 ] || return 1
    sleep 0.1
  done
}

# is_running PID NAME: is it still that program?
is_running ()
{
  [ "$(cat "/proc/$1/comm" 2>/dev/null)" = "${2:0:15}" ]
}

not_running ()
{
  ! is_running "$@"
}

# start_server NAME COMMAND...: starts COMMAND, which becomes the program NAME
# by exec, in a session of its own.  Sets $server_pid; its output is in
# $tmp/NAME.log.
start_server ()
{
  local name=$1
  shift
  setsid "$@" >"$tmp/$name.log" 2>&1 </dev/null &
  server_pid=$!
  disown "$server_pid"
  at_exit+=("stop_server $server_pid $name")
}

# stop_server PID NAME
stop_server ()
{
  is_running "$1" "$2" || return 0
  kill -TERM "$1"
  wait_for 20 not_running "$1" "$2" || kill -KILL -- "-$1"
}

# server_ready NAME SECONDS COMMAND...: leaves the test if it does not come up.
server_ready ()
{
  local name=$1
  shift
  wait_for "$@" || {
    say "$tmp/$name.log"
    echo "Bail out! $name does not start"
    exit 1
  }
}

# start_dockerd: a Docker engine; `docker` talks to it from then on.
start_dockerd ()
{
  local folder=$tmp/docker
  need_root
  need_program dockerd docker
  mkdir -p "$folder/data" "$folder/exec" "$folder/home"
  # A file system of its own, so that the engine can stack layers wherever the
  # tests run, and does not copy each.
  mount -t tmpfs -o mode=0711 dockerd "$folder/data"
  at_exit+=("umount '$folder/exec/netns/default' 2>/dev/null")
  start_server dockerd dockerd --data-root "$folder/data" \
    --exec-root "$folder/exec" -H "unix://$folder/docker.sock" \
    -p "$folder/docker.pid" --iptables=false --ip6tables=false --bridge=none
  dockerd_pid=$server_pid
  unset DOCKER_CONTEXT DOCKER_TLS_VERIFY DOCKER_CERT_PATH
  export DOCKER_HOST=unix://$folder/docker.sock DOCKER_CONFIG=$folder/home
  server_ready dockerd 30 docker info
}

# run_podman ARGUMENT...: podman with all its state in $tmp.  Arguments of
# `podman run` that this kind of machine needs are in "${podman_run[@]}".
podman_run=(--rm --network none --ulimit nofile=1024:1024
            --ulimit nproc=1024:1024)
run_podman ()
{
  local folder=$tmp/podman
  mkdir -p "$folder"
  podman --root "$folder/root" --runroot "$folder/runroot" \
    --tmpdir "$folder/tmp" --cgroup-manager cgroupfs --events-backend file \
    --runtime runc "$@"
}

# start_nix_daemon: a store with its daemon below $nix, in the store directory
# $nix/gnu/store.  `with_nix COMMAND...` runs COMMAND as its client.
start_nix_daemon ()
{
  need_root
  need_program nix-daemon nix-store unshare
  nix=$tmp/nix
  mkdir -p "$nix/gnu/store" "$nix/var" "$nix/log" "$nix/conf" "$nix/home"
  cat >"$nix/conf/nix.conf" <<END
build-users-group = nixbld
sandbox = true
sandbox-fallback = false
substitute = false
substituters =
sandbox-paths = /bin/sh=$(command -v busybox || echo /bin/sh)
END
  export NIX_STORE_DIR=$nix/gnu/store NIX_STATE_DIR=$nix/var \
    NIX_LOG_DIR=$nix/log NIX_CONF_DIR=$nix/conf \
    NIX_DAEMON_SOCKET_PATH=$nix/var/daemon.sock
  # The daemon wants a user to build as; this machine's files stay as they are.
  { cat /etc/passwd
    echo "strata-build:x:30999:30999::/nonexistent:/bin/false"
  } >"$nix/passwd"
  { grep -v '^nixbld:' /etc/group
    echo "nixbld:x:30999:strata-build"
  } >"$nix/group"
  # With NIX_REMOTE set it would connect to itself, without end.
  start_server nix-daemon env -u NIX_REMOTE \
    unshare --mount --propagation private bash -c '
      ulimit -u 4096
      mount --bind "$1/passwd" /etc/passwd
      mount --bind "$1/group" /etc/group
      exec nix-daemon' nix-daemon "$nix"
  nix_daemon_pid=$server_pid
  server_ready nix-daemon 20 with_nix nix-store --query --requisites
}

with_nix ()
{
  NIX_REMOTE=daemon HOME=$nix/home "$@"
}

# start_registry: a registry; $registry is its host and port.
start_registry ()
{
  local folder=$tmp/registry port
  need_program docker-registry curl
  mkdir -p "$folder/data"
  # The kernel's own range of free ports lies above these.
  port=$((20000 + (RANDOM + $$) % 10000))
  registry=127.0.0.1:$port
  cat >"$folder/config.yml" <<END
version: 0.1
storage:
  filesystem: {rootdirectory: $folder/data}
  delete: {enabled: true}
http: {addr: $registry}
END
  start_server docker-registry docker-registry serve "$folder/config.yml"
  registry_pid=$server_pid
  server_ready docker-registry 20 curl -fs "http://$registry/v2/"
}
