import type { TreeNodeType } from './tree-node.ts'

/** Bits of Go's `fs.FileMode`, which restic writes as a number of 32 bits. */
const typeBits: Readonly<Record<TreeNodeType, number>> = {
  file: 0,
  dir: 2 ** 31,
  symlink: 2 ** 27,
  dev: 2 ** 26,
  chardev: 2 ** 26 + 2 ** 21,
  fifo: 2 ** 25,
  socket: 2 ** 24,
  irregular: 2 ** 19,
}
const setuid = 2 ** 23
const setgid = 2 ** 22
const sticky = 2 ** 20

/** Go's mode of an entry with these permission bits (0 to 0o7777). */
export function toGoMode(type: TreeNodeType, mode: number): number {
  const special = (mode & 0o4000 ? setuid : 0) + (mode & 0o2000 ? setgid : 0) + (mode & 0o1000 ? sticky : 0)
  return typeBits[type] + special + (mode & 0o777)
}

/** The permission bits in a mode of Go's. */
export function fromGoMode(goMode: number): number {
  const has = (bit: number): boolean => Math.floor(goMode / bit) % 2 === 1
  return (goMode & 0o777) | (has(setuid) ? 0o4000 : 0) | (has(setgid) ? 0o2000 : 0) | (has(sticky) ? 0o1000 : 0)
}
