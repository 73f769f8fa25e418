#!/bin/sh
# Makes the accounts of `flux sftp config`, their folders and the mounts in them. As root; doing it again changes nothing.
set -eu
user=$user
fstab=$${FSTAB:-/etc/fstab}
uid=$$(id -u "$$user")
gid=$$(id -g "$$user")

# Another login of the gateway's user, without password and without shell: sshd and its keys decide who comes in.
account() {
    id -u "$$1" >/dev/null 2>&1 || useradd --non-unique --uid "$$uid" --gid "$$gid" --password '*' \
        --no-create-home --home-dir / --no-user-group --shell /usr/sbin/nologin --comment "partner of flux" "$$1"
    [ "$$(id -u "$$1")" = "$$uid" ] || { echo "$$1 is somebody else's login: give this partner another" >&2; exit 1; }
    # It has no password that could expire; where a policy of the machine says so all the same, sshd shuts out its keys too.
    chage --maxdays -1 --inactive -1 --expiredate -1 "$$1"
}

# What only root may change, from / on: sshd refuses it otherwise.
root_folder() {
    install -d -o root -g root -m 0755 "$$1"
}

# mounted SOURCE TARGET LINE: a folder of the gateway's in a chroot. LINE is the one of fstab.
mounted() {
    grep -qxF "$$3" "$$fstab" || echo "$$3" >>"$$fstab"
    # Once it is mounted, TARGET is SOURCE: its owner is to stay.
    mountpoint -q "$$2" && return
    install -d -o "$$uid" -g "$$gid" -m 0700 "$$1"
    root_folder "$$2"
    mount --fstab "$$fstab" "$$2"
}

root_folder $chroots
root_folder $keys
$accounts
