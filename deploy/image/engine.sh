# Read by the scripts beside it: which program builds and runs images here, and how large an image is for it.
most_above_base=170

engine=${ENGINE:-}
if [ -z "$engine" ]; then
  # A client without its daemon is no engine.
  if docker info > /dev/null 2>&1; then engine=docker
  elif command -v podman > /dev/null; then engine=podman
  elif command -v buildah > /dev/null; then engine=buildah
  else
    echo "Docker (with its daemon running), podman or buildah is needed" >&2
    exit 1
  fi
fi

# The unpacked size of an image. Buildah's list alone rounds it, so it is asked for the machine's form.
image_bytes() {
  case $engine in
    buildah)
      buildah images --json "$1" | node -e '
        const { size } = JSON.parse(require("node:fs").readFileSync(0, "utf8"))[0];
        const [, number, unit] = /^([\d.]+) ?([KMG]?)B$/.exec(size);
        console.log(Math.round(number * { "": 1, K: 1e3, M: 1e6, G: 1e9 }[unit]));' ;;
    *) "$engine" image inspect --format '{{.Size}}' "$1" ;;
  esac
}
