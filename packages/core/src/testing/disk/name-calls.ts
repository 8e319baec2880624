import { isUtf8 } from 'node:buffer'
import type { DiskEntry, DiskPath, OpenMode } from '../../disk/disk.ts'
import { diskErrorOf } from '../../disk/disk-error.ts'
import { pathBytes } from '../../disk/paths.ts'
import { checkedParts } from './lookup.ts'
import { fileNode, folderNode, type DiskNode, type FolderNode } from './nodes.ts'
import type { Volume } from './volume.ts'

/** Finds or makes what is opened. */
export function openNode(
  volume: Volume,
  path: DiskPath,
  mode: OpenMode,
  permissions: number,
  operation = 'open',
): DiskNode {
  const makes = mode !== 'read' && mode !== 'update'
  const { folder, name, node } = volume.lookup(path, operation, mode !== 'create-new')
  if (node !== undefined) {
    if (mode === 'create-new') throw diskErrorOf('EEXIST', operation, path)
    if (node.kind === 'folder' && mode !== 'read') throw diskErrorOf('EISDIR', operation, path)
    if (node.kind === 'file' && mode === 'truncate' && node.content.size > 0)
      volume.change(node, { kind: 'truncate', size: 0 }, operation, path)
    return node
  }
  if (!makes || name === undefined) throw diskErrorOf('ENOENT', operation, path)
  const made = fileNode(volume.newId(), volume.facts(permissions))
  volume.journal.record([{ folder, name, node: made }])
  return made
}

/** Makes a folder and its missing parents. */
export function makeFolder(volume: Volume, path: DiskPath, permissions: number): void {
  const parts = checkedParts(path, 'makeFolder')
  for (let count = 1; count <= parts.length; count++) {
    const part = Buffer.from(`/${parts.slice(0, count).join('/')}`, 'latin1')
    const { folder, name, node } = volume.lookup(part, 'makeFolder', true)
    if (node?.kind === 'folder') continue
    if (node !== undefined || name === undefined)
      throw diskErrorOf(count === parts.length ? 'EEXIST' : 'ENOTDIR', 'makeFolder', path)
    volume.journal.record([{ folder, name, node: folderNode(volume.newId(), volume.facts(permissions)) }])
  }
}

/** Gives a node another name in place of its own. */
export function rename(volume: Volume, from: DiskPath, to: DiskPath): void {
  const source = volume.lookup(from, 'rename')
  const target = volume.lookup(to, 'rename')
  const fail = (errno: string): Error => diskErrorOf(errno, 'rename', errno === 'ENOENT' ? from : to)
  if (source.node === undefined) throw fail('ENOENT')
  if (source.name === undefined || target.name === undefined) throw fail('EBUSY')
  if (source.node === target.node) return
  if (source.node.kind === 'folder' && contains(source.node, target.folder)) throw fail('EINVAL')
  if (target.node?.kind === 'folder') {
    if (source.node.kind !== 'folder') throw fail('EISDIR')
    if (target.node.names.size > 0) throw fail('ENOTEMPTY')
  } else if (target.node !== undefined && source.node.kind === 'folder') throw fail('ENOTDIR')
  volume.journal.record([
    { folder: target.folder, name: target.name, node: source.node },
    { folder: source.folder, name: source.name, node: undefined },
  ])
  if (target.node) volume.dropLink(target.node)
}

/** Removes a name of a file or link. */
export function removeFile(volume: Volume, path: DiskPath): void {
  const { folder, name, node } = volume.lookup(path, 'removeFile')
  if (node === undefined) throw diskErrorOf('ENOENT', 'removeFile', path)
  if (node.kind === 'folder' || name === undefined) throw diskErrorOf('EISDIR', 'removeFile', path)
  volume.journal.record([{ folder, name, node: undefined }])
  volume.dropLink(node)
}

/** Removes an empty folder. */
export function removeFolder(volume: Volume, path: DiskPath): void {
  const { folder, name, node } = volume.lookup(path, 'removeFolder')
  if (node === undefined) throw diskErrorOf('ENOENT', 'removeFolder', path)
  if (node.kind !== 'folder') throw diskErrorOf('ENOTDIR', 'removeFolder', path)
  if (node.names.size > 0) throw diskErrorOf('ENOTEMPTY', 'removeFolder', path)
  if (name === undefined) throw diskErrorOf('EBUSY', 'removeFolder', path)
  volume.journal.record([{ folder, name, node: undefined }])
}

/** Gives a file another name besides its own. */
export function link(volume: Volume, existing: DiskPath, path: DiskPath): void {
  const source = volume.lookup(existing, 'link')
  if (source.node === undefined) throw diskErrorOf('ENOENT', 'link', existing)
  if (source.node.kind === 'folder') throw diskErrorOf('EPERM', 'link', existing)
  newName(volume, path, 'link', source.node)
  source.node.links++
}

/** Makes a symbolic link. */
export function symlink(volume: Volume, target: DiskPath, path: DiskPath): void {
  const bytes = Uint8Array.from(pathBytes(target))
  newName(volume, path, 'symlink', {
    kind: 'symlink',
    id: volume.newId(),
    facts: volume.facts(0o777),
    links: 1,
    target: bytes,
  })
}

/** The names in a folder. */
export function entries(volume: Volume, path: DiskPath): DiskEntry[] {
  return [...volume.findFolder(path, 'entries').names].map(([key, { kind }]) => {
    const bytes = Buffer.from(key, 'latin1')
    const name = bytes.toString()
    return isUtf8(bytes) ? { name, kind } : { name, kind, rawName: Uint8Array.from(bytes) }
  })
}

function newName(volume: Volume, path: DiskPath, operation: string, node: DiskNode): void {
  const { folder, name, node: taken } = volume.lookup(path, operation)
  if (taken !== undefined || name === undefined) throw diskErrorOf('EEXIST', operation, path)
  volume.journal.record([{ folder, name, node }])
}

function contains(folder: FolderNode, wanted: FolderNode): boolean {
  if (folder === wanted) return true
  return [...folder.names.values()].some((node) => node.kind === 'folder' && contains(node, wanted))
}
