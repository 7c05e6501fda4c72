//! Follows log files while they are written, and files that appear in folders.
//!
//! A [`Follower`] returns each line of each file exactly once, whatever happens to the file between two polls: it is
//! appended to, renamed (and a new file takes its name), truncated, copied and truncated, replaced or removed. It knows
//! a file by device and inode, by its first bytes and by the last bytes that were read. It does not know what is in the
//! lines, and does not wait: the caller decides when to poll.
//!
//! Two things cannot be seen. What is written between the copy and the truncation of `copytruncate` is in no file
//! afterwards. A file that is compressed or removed before its rest was read is lost; a [`Event::Problem`] says so.

mod file;
mod followed_log;
mod follower;
mod identity;
mod outlet;
mod place;
mod rotated;
#[cfg(test)]
mod tests;

pub use file::FileId;
pub use follower::{Event, Follower, Polled, StartAt};
pub use place::{SavedFile, SavedFiles};
