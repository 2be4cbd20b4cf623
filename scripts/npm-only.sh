#!/usr/bin/env bash
# README's set-up command where only npm answers: a fresh clone, an empty cache, and a PATH without pip, Python, Maven and compilers.
# The network is used (npm). Run by hand and in soak, from anywhere:  scripts/npm-only.sh
set -euo pipefail
project="$(cd "$(dirname "$0")/.." && pwd)"
place="$(mktemp -d)"
trap 'rm -rf "$place"' EXIT

# The programs that are left. npm is a script, so it is found where it lies and started by its own path.
mkdir "$place/bin"
for name in node npm npx git sh bash env cat ls mkdir rm cp mv ln chmod uname sed grep head tail tr dirname basename readlink; do
  found="$(command -v "$name" || true)"
  if [ -z "$found" ]; then echo "npm-only: there is no $name here to test with" >&2; exit 2; fi
  ln -s "$(readlink -f "$found")" "$place/bin/$name"
done

git clone --quiet "$project" "$place/clone"
cd "$place/clone"
only=(env -i "PATH=$place/bin" "HOME=$place/home" "CNNC_CACHE=$place/cache" "TMPDIR=${TMPDIR:-/tmp}")
# How this machine reaches the registry is none of the test's business.
[ -f "$HOME/.npmrc" ] && mkdir -p "$place/home" && cp "$HOME/.npmrc" "$place/home/.npmrc"
while IFS='=' read -r name value; do only+=("$name=$value"); done < <(env | grep -iE '^(npm_config_[a-z_]*|https?_proxy|no_proxy|NODE_EXTRA_CA_CERTS)=' || true)
for name in python python3 pip pip3 mvn cc c++ g++ gcc clang++ java; do
  if "${only[@]}" sh -c "command -v $name" >/dev/null; then echo "npm-only: $name is on the PATH after all" >&2; exit 2; fi
done

started=$SECONDS
"${only[@]}" sh -c 'npm ci && npm run setup && npx cnnc run examples/shapes/shapes.cnn' 2>&1 | tee "$place/log"
echo "npm-only: set-up and training took $((SECONDS - started)) s"

need() { grep -qE "$1" "$place/log" || { echo "npm-only: nothing said: $1" >&2; exit 1; }; }
need 'TensorFlow would train several times faster, but .*npx cnnc engine install tensorflow'
need 'training on the ONNX engine, onnxruntime [0-9.]+; TensorFlow trains several times faster: npx cnnc engine install tensorflow'
need '^engine +onnx '
need '^files +.*runs/shapes/1'
[ -d "$place"/cache/engines/onnx-* ]
test -f examples/shapes/runs/shapes/1/weights.npz
echo "npm-only: good"
