#!/bin/bash
# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# Docker's engine boots the demo system: its services run and are restarted,
# and it stops when it is told to.  Two systems share layers.

. "${top_srcdir:-.}/tests/support/tap.sh" || exit 1
. "$top_srcdir/tests/support/servers.sh" || exit 1
need_program strata guile patchelf dpkg-query skopeo jq setpriv
start_dockerd

# make_system ARGUMENT...: sets $arguments, those for `strata system image`, and
# $system, the last one.
make_system ()
{
  "$top_srcdir/demo/make-demo-system" "$@" "$tmp/root" >"$tmp/arguments" \
    2>"$tmp/make.log" || { say "$tmp/make.log"; exit 1; }
  mapfile -t arguments <"$tmp/arguments"
  # Each item has a layer of its own where there are enough, however small.
  arguments=(--min-layer-size=0 "${arguments[@]}")
  system=${arguments[-1]}
}

# make_image NAME OPTION...: $tmp/NAME.tar, of the system made last.
make_image ()
{
  strata system image -C none -o "$tmp/$1.tar" --image-tag="$1" "${@:2}" \
    "${arguments[@]}"
}

# start_container OPTION...: in the background, under the name `demo`.
start_container ()
{
  docker run --detach --pull never --network none --name demo "$@"
}

# inside COMMAND...: prints what COMMAND prints in the container.
inside ()
{
  docker exec demo "$@" 2>&1
}

# ask_greeter: prints its answer.
ask_greeter ()
{
  inside guile -c '
    (use-modules (ice-9 textual-ports))
    (let ((port (socket PF_UNIX SOCK_STREAM 0)))
      (connect port AF_UNIX "/run/greeter.socket")
      (display (get-string-all port)))'
}

# program_of SERVICE: prints the words of its process, which is in no other
# state than asleep or running.
program_of ()
{
  inside bash -c 'pid=$(</run/'"$1"'.pid)
    read -r _ _ state _ </proc/$pid/stat; [[ $state = [RS] ]]
    tr "\0" " " </proc/$pid/cmdline'
}

# When the services of a container are up, the second one again.
services_up ()
{
  [ "$(inside cat /run/fickle.starts)" = "$1" ] &&
    [[ $(program_of fickle) = */fickle/run* ]] && ask_greeter >"$tmp/answer"
}

# stop_in_time NAME: it takes less than 5 s, and the exit code is 0.  Docker
# kills after 10 s.
stop_in_time ()
{
  local start=$EPOCHREALTIME milliseconds
  docker stop demo >"$tmp/stopped"
  milliseconds=$(((${EPOCHREALTIME/./} - ${start/./}) / 1000))
  like "$1: stops in less than 5 s, in $milliseconds ms" "$milliseconds" \
       '^[1-4]?[0-9]{1,3}$'
  is "$1: exit code" "$(exit_code)" 0
}

exit_code ()
{
  docker inspect --format '{{.State.ExitCode}}' demo
}

remove_container ()
{
  docker rm --force demo >"$tmp/.removed"
}

# handles_term: the first process of the container is the boot program, and
# catches signal 15, which is bit 14.
handles_term ()
{
  local process caught
  process=/proc/$(docker inspect --format '{{.State.Pid}}' demo)
  [ "$(cat "$process/comm")" = boot-program ] || return 1
  caught=$(sed -n 's/^SigCgt:[[:space:]]*//p' "$process/status")
  ((16#$caught & 1 << 14))
}

# refused NAME EXPECTED OPTION...: a container with OPTIONs ends with an error
# at once, and says EXPECTED, nothing else.
refused ()
{
  local status=0 said
  said=$(docker run --pull never --network none --rm "${@:3}" 2>&1) || status=$?
  is "$1" "$said" "$2"
  is "$1: exit code" "$status" 1
}


# --- It boots, whatever the number of layers.

make_system
first=("${arguments[@]}")
closure=$(strata store query requisites --store-root="$tmp/root" "$system")
most=$(($(wc -l <<<"$closure") + 1))
like "the system has many items" "$most" '^[2-9][0-9]$'

for layers in 1 3 100; do
  ok "$layers: make the image" make_image "demo$layers" --max-layers="$layers"
  ok "$layers: load it" docker load --input "$tmp/demo$layers.tar"
  is "$layers: layers" \
     "$(docker image inspect --format '{{len .RootFS.Layers}}' "demo$layers")" \
     "$((layers < most ? layers : most))"
  ok "$layers: start" start_container "demo$layers"
  ok "$layers: services come up" wait_for 60 services_up 2
  is "$layers: the first process is the boot program" \
     "$(inside bash -c 'tr "\0" "\n" </proc/1/cmdline' | tail -n 2)" \
     "/boot-program
$system"
  is "$layers: the current system" "$(inside readlink /run/current-system)" \
     "$system"
  is "$layers: the booted system" "$(inside readlink /run/booted-system)" \
     "$system"
  is "$layers: a service answers" "$(ask_greeter)" "Hello from Strata."
  is "$layers: a service that died once was started twice" \
     "$(inside cat /run/fickle.starts)" 2
  like "$layers: and runs" "$(program_of fickle)" '/services/fickle/run $'
  is "$layers: what the supervisor says" \
     "$(docker logs demo 2>&1 | grep -c '^supervisor: started fickle$')" 2
  stop_in_time "$layers"
  is "$layers: the services were ended first" \
     "$(docker logs demo 2>&1 | tail -n 3 | sort)" \
     "supervisor: all services have ended
supervisor: fickle ended, signal 15
supervisor: greeter ended, signal 15"
  [ "$layers" = 100 ] || remove_container
done


# --- The same bytes for one who is not root.

another_user ()
{
  setpriv --reuid=65534 --regid=65534 --clear-groups env HOME=/ "$@"
}
if another_user test -x "$(command -v strata)"; then
  chmod 711 "$tmp"
  mkdir -m 777 "$tmp/free"
  ok "another user: make the image" another_user env TMPDIR="$tmp/free" \
     strata system image -v0 -C none -o "$tmp/free/image.tar" \
     --image-tag=demo100 --max-layers=100 "${arguments[@]}"
  same "another user makes the same bytes" "$tmp/demo100.tar" \
       "$tmp/free/image.tar"
else
  skip "another user makes the same bytes" "the command cannot be reached"
fi


# --- What a running system is like.  The last container is still there.

ok "it starts again" docker start demo
ok "services come up again" wait_for 60 services_up 3
is "programs of the profile" "$(inside bash -c 'whoami; uname')" "root
Linux"
is "/etc: a link" "$(inside readlink -f /etc/os-release)" \
   "$(strata store query references --store-root="$tmp/root" "$system" |
        grep -- '-etc$')/os-release"
is "/etc: regular files" \
   "$(inside stat -c '%F %a' /etc/passwd /etc/group | sort -u)" \
   "regular file 644"

# orphan: starts a process whose parent ends, and prints its id.
orphan ()
{
  inside bash -c 'bash -c "sleep 2 >/dev/null 2>&1 & echo \$!"'
}
# parent_of PID: prints the parent's id and the state.
parent_of ()
{
  inside bash -c 'read -r _ _ state parent _ </proc/'"$1"'/stat &&
    echo "$parent $state"'
}
orphan=$(orphan)
like "an orphan is the child of the first process" "$(parent_of "$orphan")" \
     '^1 [SR]$'
has_gone ()
{
  not_ok_inside test -e "/proc/$1"
}
not_ok_inside ()
{
  ! docker exec demo "$@"
}
ok "an orphan that has ended is gone" wait_for 20 has_gone "$orphan"

pid=$(inside cat /run/greeter.pid)
ok "a service is killed" docker exec demo bash -c "kill -KILL $pid"
is_other ()
{
  local now
  now=$(docker exec demo cat /run/greeter.pid) && [ "$now" != "$pid" ] &&
    [ "$(ask_greeter)" = "Hello from Strata." ]
}
ok "and answers again, in another process" wait_for 60 is_other

ok "a service stops to listen to signals" \
   docker exec demo bash -c 'kill -STOP $(</run/greeter.pid)'
ok "stop, before Docker loses its patience" docker stop --time 60 demo
is "exit code in spite of such a service" "$(exit_code)" 0
like "such a service is killed" "$(docker logs demo 2>&1)" \
     '^supervisor: greeter ended, signal 9$'
remove_container


# --- A container that is stopped while it boots.

# As early as it can be: while Guile itself starts, a signal is lost.
ok "while it boots: start" start_container demo3
ok "while it boots: it handles SIGTERM" wait_for 60 handles_term
stop_in_time "while it boots"
remove_container


# --- A root that cannot be written to.

warning="activate: warning: cannot write in /etc; its files stay as the image \
has them"
read_only=(--read-only --tmpfs /run --tmpfs /tmp)

ok "read-only: start" start_container "${read_only[@]}" demo100
ok "read-only: services come up" wait_for 60 services_up 2
is "read-only: the current system" "$(inside readlink /run/current-system)" \
   "$system"
is "read-only: a service answers" "$(ask_greeter)" "Hello from Strata."
is "read-only: one warning" \
   "$(docker logs demo 2>&1 | grep -v '^supervisor: \|^fickle: ')" "$warning"
not_ok "read-only: files of /etc" docker exec demo cat /etc/os-release
ok "read-only: but those of the image" docker exec demo cat /etc/passwd
stop_in_time "read-only"
remove_container

ok "read-only, but /etc: start" start_container "${read_only[@]}" --tmpfs /etc \
   demo100
ok "read-only, but /etc: services come up" wait_for 60 services_up 2
like "read-only, but /etc: its files" "$(inside cat /etc/os-release)" \
     '^ID=strata-demo$'
is "read-only, but /etc: no warning" \
   "$(docker logs demo 2>&1 | grep -v '^supervisor: \|^fickle: ')" ""
remove_container

refused "read-only, nowhere to write" \
  "activate: error: cannot write in /run
hint: in a container with a read-only root, '--tmpfs /run' helps" \
  --read-only demo100
refused "not as root" \
  "activate: error: cannot write in /run
hint: in a container with a read-only root, '--tmpfs /run' helps" \
  --user 1234 demo100
: >"$tmp/file"
refused "a file of /etc that is mounted" \
  "activate: error: cannot make /etc/passwd: Device or resource busy" \
  --volume "$tmp/file:/etc/passwd" demo100
guile=$(grep -- '-guile-3.0-[0-9.]*$' <<<"$closure")/bin/guile
refused "no system" "boot: error: GUIX_NEW_SYSTEM does not name a system" \
  --entrypoint "$guile" demo100 --no-auto-compile "$system/boot"


# --- Two systems that differ in one service.

# layers_of NAME: prints the digests of its layers, in order of bytes.
layers_of ()
{
  skopeo inspect "docker-archive:$tmp/$1.tar" | jq -r '.Layers[]' | sort
}

make_system --service-text="Hello again."
ok "another service: make the image" make_image other --max-layers=100
ok "another service: load it" docker load --input "$tmp/other.tar"
changed=$(comm -13 <(sort <<<"$closure") \
            <(strata store query requisites --store-root="$tmp/root" \
                "$system" | sort))
is "another service: what changes" "$(sed 's/^[^-]*-//' <<<"$changed" | sort)" \
   "greeter-service
system"
is "another service: as many layers" "$(layers_of other | wc -l)" "$most"
# The third is the root layer, which has links to the system.
is "another service: layers that are not shared" \
   "$(comm -13 <(layers_of demo100) <(layers_of other) | wc -l)" 3
ok "another service: start" start_container other
ok "another service: it comes up" wait_for 60 services_up 2
is "another service: it answers" "$(ask_greeter)" "Hello again."
stop_in_time "another service"
remove_container

plan
