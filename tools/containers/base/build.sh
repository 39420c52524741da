#!/bin/bash
# Makes a base image for the services, for machines that can reach a Debian mirror and no image registry: the Node of
# this repository on the few Debian packages it is linked against. No shell, no package manager, no init: what the public
# default, distroless, is as well. Prints its name as a shell assignment on stdout; everything else goes to stderr.
# The tag is a hash of what goes in, so a built image is used until that changes.
set -euo pipefail
cd "$(dirname "$0")"

node=$(node --print process.execPath)
# shellcheck source=/dev/null
release=$(source /etc/os-release && echo "$VERSION_CODENAME")
tag=$({ cat -- *; "$node" --version; uname -m; echo "$release"; } | sha256sum | cut -c1-12)
image=gantry-ci/node:$tag

if ! docker image inspect "$image" >/dev/null 2>&1; then
  work=$(mktemp -d /var/tmp/gantry-image.XXXXXX)
  trap 'rm -rf "$work"' EXIT
  {
    echo "building $image"
    mkdir "$work/packages" "$work/root"
    # apt's own user may not write where root's temporary folders are.
    apt-get update -q -o APT::Sandbox::User=root
    (cd "$work/packages" && apt-get download -q -o APT::Sandbox::User=root libc6 libgcc-s1 libstdc++6)

    root=$work/root
    mkdir -p "$root"/{app,etc,tmp,usr/lib,usr/lib64,usr/local/bin}
    # Debian's layout, whichever way the packages of this release see it.
    ln -s usr/lib usr/lib64 "$root"
    for package in "$work"/packages/*.deb; do dpkg-deb --extract "$package" "$root"; done
    rm -rf "$root"/usr/share/{doc,lintian,gcc,gdb} "$root"/usr/lib/*/gconv
    install -m 755 "$node" "$root/usr/local/bin/node"
    cp /etc/os-release "$root/etc/"
    echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
    printf '%s\n' 'root:x:0:0::/:/nologin' 'nonroot:x:65532:65532::/:/nologin' >"$root/etc/passwd"
    printf '%s\n' 'root:x:0:' 'nonroot:x:65532:' >"$root/etc/group"
    chmod 755 "$root"
    chmod 1777 "$root/tmp"
    tar --create --owner 0 --group 0 --directory "$root" . |
      docker import --change 'ENV PATH=/usr/local/bin:/usr/bin:/bin' - "$image"
  } >&2
fi

echo "GANTRY_NODE_IMAGE=$image"
