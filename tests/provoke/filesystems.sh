#!/bin/sh
# Provokes the messages of rules/storage/{ext4,xfs,btrfs}.rules on loop devices. Needs root; prints what mount says and what the kernel logs.
set -u
dir=$(mktemp -d); trap 'umount -l "$dir/m" "$dir/n" 2>/dev/null; for l in $loops; do losetup -d $l 2>/dev/null; done; rm -rf "$dir"' EXIT
loops=; mkdir "$dir/m" "$dir/n"; mark=$(dmesg | wc -l)
loop() { truncate -s ${2:-64M} "$dir/$1"; l=$(losetup -f --show "$dir/$1"); loops="$loops $l"; echo $l; }
say() { echo "== $1"; }
kern() { dmesg | tail -n +$((mark + 1)) | cut -c1-200 | head -${1:-8}; mark=$(dmesg | wc -l); }
say "ext4"; l=$(loop e); mkfs.ext4 -q -F $l; e2=$l
dd if=/dev/zero of=$l bs=1k count=8 conv=notrunc 2>/dev/null; mount -t ext4 $l "$dir/m" 2>&1; mount $l "$dir/m" 2>&1; kern
mkfs.ext4 -q -F $l; truncate -s 32M "$dir/e"; losetup -c $l; mount $l "$dir/m" 2>&1; kern; truncate -s 64M "$dir/e"; losetup -c $l
mkfs.ext4 -q -F $l; debugfs -w -R 'feature FEATURE_I30' $l >/dev/null 2>&1; mount $l "$dir/m" 2>&1; kern; umount "$dir/m" 2>/dev/null
mkfs.ext4 -q -F $l; mount $l "$dir/m"; echo x > "$dir/m/f"; i=$(stat -c %i "$dir/m/f"); umount "$dir/m"; debugfs -w -R "sif <$i> mode 0" $l >/dev/null 2>&1; mount $l "$dir/m"; cat "$dir/m/f" 2>&1; kern; umount "$dir/m"; fsck.ext4 -p $l 2>&1 | tail -4
say "unknown type"; mount -t bogus $l "$dir/m" 2>&1; mount /dev/none "$dir/m" 2>&1; mount $l "$dir/gone" 2>&1; mount UUID=00000000-0000-0000-0000-000000000000 "$dir/m" 2>&1; mount -t ext4 -o bogus $l "$dir/m" 2>&1; kern; mount $l "$dir/m"; mount $l "$dir/m" 2>&1; (cd "$dir/m"; umount "$dir/m" 2>&1); umount "$dir/m"
say "xfs"; l=$(loop x 400M); mkfs.xfs -q -f $l; cp "$dir/x" "$dir/y"; k=$(losetup -f --show "$dir/y"); loops="$loops $k"; mount $l "$dir/m"; mount $k "$dir/n" 2>&1; kern; umount "$dir/m"
dd if=/dev/urandom of=$k bs=512 seek=1 count=3 conv=notrunc 2>/dev/null; mount $k "$dir/n" 2>&1; ls "$dir/n"; kern 12; umount "$dir/n" 2>/dev/null; dd if=/dev/zero of=$k bs=512 count=1 conv=notrunc 2>/dev/null; mount -t xfs $k "$dir/n" 2>&1; kern
xfs_repair -n $l >/dev/null 2>&1; mount $l "$dir/m"; xfs_io -x -c shutdown "$dir/m" 2>&1; touch "$dir/m/z" 2>&1; kern; umount "$dir/m"; xfs_repair $l 2>&1 | tail -5
say "btrfs"; a=$(loop b1 256M); b=$(loop b2 256M); mkfs.btrfs -q -f -m raid1 -d single $a $b; losetup -d $b; mount $a "$dir/m" 2>&1; kern; b=$(losetup -f --show "$dir/b2"); loops="$loops $b"
mkfs.btrfs -q -f -m single -d single $a; mount $a "$dir/m"; dd if=/dev/zero of="$dir/m/f" bs=1M count=4 2>/dev/null; echo 'magic-content-here' | dd of="$dir/m/g" bs=4k conv=sync 2>/dev/null; umount "$dir/m"; off=$(grep -abo 'magic-content-here' "$dir/b1" | head -1 | cut -d: -f1); printf 'X' | dd of="$dir/b1" bs=1 seek=$off conv=notrunc 2>/dev/null; losetup -d $a; a=$(losetup -f --show "$dir/b1"); loops="$loops $a"; mount $a "$dir/m"; cat "$dir/m/g" 2>&1 >/dev/null; kern
dd if=/dev/zero of="$dir/m/full" bs=1M 2>&1 | head -1; btrfs filesystem usage "$dir/m" 2>/dev/null | head -3; btrfs balance start --full-balance "$dir/m" 2>&1 | tail -2; kern; umount "$dir/m"
dd if=/dev/zero of=$a bs=4k seek=16 count=1 conv=notrunc 2>/dev/null; mount -t btrfs $a "$dir/m" 2>&1; kern
