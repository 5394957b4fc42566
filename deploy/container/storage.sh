# shellcheck shell=bash
# storage_driver DIR: which kind of storage the images in DIR are in; for a new one overlay, which shares
# what images have in common, where this machine can mount it, else vfs, which copies.
storage_driver() {
  local trial
  if [[ -d $1/overlay-images ]]; then
    echo overlay
  elif [[ -d $1/vfs-images ]]; then
    echo vfs
  else
    trial=$(mktemp -d "${1%/*}/trial.XXXXXX")
    mkdir "$trial"/{low,up,work,all}
    if unshare --mount mount -t overlay overlay \
      -o "lowerdir=$trial/low,upperdir=$trial/up,workdir=$trial/work" "$trial/all" 2>/dev/null; then
      echo overlay
    else
      echo vfs
    fi
    rm -rf -- "$trial"
  fi
}
