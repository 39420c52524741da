#!/bin/bash
# Builds the database images that integration tests start, out of Debian packages, for machines that can reach
# a Debian mirror and no image registry. Prints the two image names as shell assignments on stdout; everything
# else goes to stderr. The tag is a hash of this folder, so a built image is used until one of its sources changes.
set -euo pipefail
cd "$(dirname "$0")"

tag=$(cat -- * | sha256sum | cut -c1-12)
postgres=gantry-ci/postgres:$tag
redis=gantry-ci/redis:$tag

if ! docker image inspect "$postgres" "$redis" >/dev/null 2>&1; then
  root=$(mktemp -d /var/tmp/gantry-image.XXXXXX)
  trap 'rm -rf "$root"' EXIT
  {
    echo "building $postgres and $redis"
    debootstrap --variant=minbase --include=postgresql-15,redis-server,gosu bookworm "$root"
    # The package set up a cluster of its own; caches and documentation are not needed to run.
    rm -rf "$root"/var/lib/postgresql/* "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* \
      "$root"/usr/share/{doc,man,locale}
    tar --create --directory "$root" . | docker import - gantry-ci/debian
    DOCKER_BUILDKIT=0 docker build --quiet --file postgres.Dockerfile --tag "$postgres" .
    DOCKER_BUILDKIT=0 docker build --quiet --file redis.Dockerfile --tag "$redis" .
  } >&2
fi

echo "GANTRY_POSTGRES_IMAGE=$postgres"
echo "GANTRY_REDIS_IMAGE=$redis"
