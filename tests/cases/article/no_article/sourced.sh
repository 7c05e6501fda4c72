# Functions for the other scripts

# Says when the disk is full.
warn_if_full() {
    # The limit is a percentage of the whole disk.
    if [ "$(used)" -gt 90 ]; then
        echo "The disk is nearly full, delete something."
    fi
}

# The part of the disk that is used
used() {
    df /var | tail -1
}
