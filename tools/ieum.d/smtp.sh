# shellcheck shell=bash
# The local mail sink: real SMTP, every mail a file in the place's mail/ folder.

smtp_up() {
  if pid_alive "$PLACE/run/smtp.pid" >/dev/null; then
    note "the mail sink runs already"
    return
  fi
  daemon smtp /usr/bin/python3 "$IEUM_ROOT/deploy/local/smtp_sink.py" \
    --dir "$PLACE/mail" --port "$(port_of SMTP)"
  wait_for_port smtp "$(port_of SMTP)"
}

smtp_url() { printf '%s' "${IEUM_SMTP_URL:-smtp://127.0.0.1:$(port_of SMTP)}"; }
