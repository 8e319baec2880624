import type { DiskPath } from '../../disk/disk.ts'
import { diskErrorOf } from '../../disk/disk-error.ts'
import { pathBytes } from '../../disk/paths.ts'
import type { DiskNode, FolderNode } from './nodes.ts'

/** Where a path leads. */
export interface Place {
  /** The folder that holds the name. */
  readonly folder: FolderNode
  /** Undefined when the path ends at the root or with `..`: such a folder can be neither made nor removed. */
  readonly name: string | undefined
  readonly node: DiskNode | undefined
}

/** Limits of Linux: bytes of a path, bytes of a name, links on the way (path_resolution(7)). */
const longestPath = 4095
const longestName = 255
const mostLinks = 40

/** Follows a path from the root, as path_resolution(7) says; a relative path begins at the root as well. */
export function lookup(root: FolderNode, path: DiskPath, operation: string, followLast = false): Place {
  const fail = (errno: string): Error => diskErrorOf(errno, operation, path)
  const way = checkedParts(path, operation).reverse()
  let folders: FolderNode[] = [root]
  let links = 0
  while (way.length > 0) {
    const name = way.pop()!
    const folder = folders.at(-1)!
    if (name === '..') {
      if (folders.length > 1) folders.pop()
      continue
    }
    if (name.length > longestName) throw fail('ENAMETOOLONG')
    const node = folder.names.get(name)
    const last = way.length === 0
    if (node?.kind === 'symlink' && (!last || followLast)) {
      if (++links > mostLinks) throw fail('ELOOP')
      if (node.target[0] === 0x2f) folders = [root]
      way.push(...checkedParts(node.target, operation).reverse())
      continue
    }
    if (last) return { folder, name, node }
    if (node === undefined) throw fail('ENOENT')
    if (node.kind !== 'folder') throw fail('ENOTDIR')
    folders = [...folders, node]
  }
  return { folder: folders.at(-2) ?? root, name: undefined, node: folders.at(-1)! }
}

/** The names in a path that count: a trailing slash or `.` leaves no name behind. */
export function checkedParts(path: DiskPath, operation: string): string[] {
  const bytes = pathBytes(path)
  if (bytes.length === 0) throw diskErrorOf('ENOENT', operation, path)
  if (bytes.includes(0)) throw diskErrorOf('ERR_INVALID_ARG_VALUE', operation, path)
  if (bytes.length > longestPath) throw diskErrorOf('ENAMETOOLONG', operation, path)
  return Buffer.from(bytes)
    .toString('latin1')
    .split('/')
    .filter((part) => part !== '' && part !== '.')
}
