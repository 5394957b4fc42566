# shellcheck shell=bash
# The place of a running suite: data, sockets, keys, logs, pids. Under .ieum/ where that works;
# else in a short folder of /var/tmp that the database's user can enter, with .ieum/place naming it.
#
#   secret/  keys, passwords, tokens (0600)      pg/data  pg/run   PostgreSQL and its socket
#   nats/    store and config                    log/  run/        logs; pids and ports
#   mail/    what the local mail sink received

readonly SOCKET_PATH_MAX=107  # bytes in sockaddr_un without its final NUL
# The deepest place is a demo's: <state>/demo.XXXXXX/pg/run/.s.PGSQL.<port>
readonly PLACE_TAIL_MAX=45

# The user that PostgreSQL runs as: it refuses root.
place_pg_user() { if is_root; then echo postgres; else id -un; fi; }

as_pg_user() {
  if is_root; then
    # -C /: the caller's folder may be closed to this user.
    (cd / && setpriv --reuid=postgres --regid=postgres --init-groups -- "$@")
  else
    "$@"
  fi
}

# place_fits DIR: sockets below it stay short enough, and the database's user really can use it.
place_fits() {
  local trial ok=no
  # The path stands in config files and command lines of others, who quote in ways of their own.
  [[ $1 =~ ^[A-Za-z0-9/._+-]+$ ]] || return 1
  [[ $(printf '%s' "$1" | wc -c) -le $((SOCKET_PATH_MAX - PLACE_TAIL_MAX)) ]] || return 1
  trial=$(mktemp -d "$1/trial.XXXXXX" 2>/dev/null) || return 1
  if { ! is_root || chown postgres "$trial" 2>/dev/null; } && chmod 700 "$trial" 2>/dev/null &&
    as_pg_user /usr/bin/python3 -c '
import socket, sys
socket.socket(socket.AF_UNIX).bind(sys.argv[1] + "/s")' "$trial" 2>/dev/null; then
    ok=yes
  fi
  rm -rf -- "$trial"
  [[ $ok == yes ]]
}

place_own_or_die() {
  [[ ! -L $1 && -d $1 && $(stat -c %u "$1") -eq $(id -u) ]] ||
    die "$1 is not a folder of $(id -un)" "Remove it, or have its owner remove it, and try again."
}

# place_state: prints the folder that holds every place of this clone, made when needed.
place_state() {
  local home=$IEUM_ROOT/.ieum far
  if [[ -e $home && ! -w $home ]]; then
    die "$home belongs to $(stat -c %U "$home")" "Work as that user, or remove $home as that user."
  fi
  mkdir -p "$home" 2>/dev/null || die "cannot make $home" "Clone to a folder you may write to."
  far=/var/tmp/ieum-$(id -u)-$(printf '%s' "$IEUM_ROOT" | sha256sum | cut -c1-10)
  if [[ -f $home/place && -d $far && $(<"$home/place") == "$far" ]]; then
    place_own_or_die "$far"
    printf '%s\n' "$far"
    return
  fi
  # A clone that was moved or copied must not share its data with what it came from.
  [[ ! -f $home/place ]] || note "the data of this clone's former path stays in $(<"$home/place")"
  if place_fits "$home"; then
    rm -f -- "$home/place"
    printf '%s\n' "$home"
    return
  fi
  mkdir -m 711 "$far" 2>/dev/null || true
  place_own_or_die "$far"
  place_fits "$far" || die "neither $home nor $far can hold PostgreSQL's data and socket" \
    "Is /var/tmp writable, and does the user $(place_pg_user) exist?"
  printf '%s\n' "$far" >"$home/place"
  note "data and sockets lie in $far (this clone's path is too long or not open to PostgreSQL)"
  printf '%s\n' "$far"
}

# place_open DIR: the folders of one suite, ready to be filled. Sets PLACE.
place_open() {
  PLACE=$1
  mkdir -p "$PLACE"
  chmod 711 "$PLACE"
  mkdir -p "$PLACE"/{secret,log,run,mail,nats,pg}
  chmod 700 "$PLACE"/{secret,log,run,mail,nats}
}

# place_new PREFIX: a fresh place that belongs to this very run of the script. Sets PLACE.
place_new() {
  place_open "$(mktemp -d "$1.XXXXXX")"
  pid_remember "$PLACE/owner" $$
}

# place_sweep PREFIX: removes places whose run was killed before it could clean up.
place_sweep() {
  local dir
  for dir in "$1".*; do
    [[ -d $dir && ! -L $dir && -f $dir/owner ]] || continue
    [[ $(stat -c %u "$dir") -eq $(id -u) ]] || continue
    pid_alive "$dir/owner" >/dev/null && continue
    # Two runs may find it at once; one of them sweeps.
    (exec 7<"$dir/owner" && flock -n 7 && place_sweep_one "$dir") || true
  done
}

place_sweep_one() {
  PLACE=$1
  note "clearing up after a run that was killed: $PLACE"
  pid_stop "$PLACE/run/running.pid" 2
  test_kill_leftovers
  suite_stop
  rm -rf -- "$PLACE"
}

# place_need_running: for commands that look at the suite of `up`. Sets PLACE.
place_need_running() {
  PLACE=$(place_state)/suite
  [[ -f $PLACE/run/ports ]] || die "nothing was started here yet" "Run ./ieum up."
}
