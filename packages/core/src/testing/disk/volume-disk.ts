import type { Disk, DiskFile, DiskLock, DiskPath, OpenMode, OpenOptions } from '../../disk/disk.ts'
import { diskErrorOf } from '../../disk/disk-error.ts'
import { glanceOf } from '../../disk/glance-of.ts'
import { entryName, textOrBytes } from '../../disk/paths.ts'
import { entries, link, makeFolder, openNode, removeFile, removeFolder, rename, symlink } from './name-calls.ts'
import { nodeStat } from './nodes.ts'
import { SimulatedFile } from './simulated-file.ts'
import type { Volume } from './volume.ts'

const filePermissions = 0o666
const folderPermissions = 0o777
const umask = 0o022

/** The port on a simulated volume. Asynchronous calls take effect at once, and answer a microtask later. */
export function volumeDisk(volume: Volume): Disk {
  const look = <Result>(name: string, path: DiskPath, act: () => Result): Result =>
    volume.gate.pass({ name, path, act, reads: true })
  const change = <Result>(name: string, path: DiskPath, act: () => Result): Result =>
    volume.gate.pass({ name, path, act })

  function openSync(path: DiskPath, mode: OpenMode, options: OpenOptions = {}): DiskFile {
    const { permissions = filePermissions, noFollow = false } = options
    const open = (): DiskFile => {
      if (noFollow && volume.lookup(path, 'open').node?.kind === 'symlink')
        throw diskErrorOf(mode === 'create-new' ? 'EEXIST' : 'ELOOP', 'open', path)
      return new SimulatedFile(volume, path, openNode(volume, path, mode, permissions & ~umask), mode)
    }
    return mode === 'read' || mode === 'update' ? look('open', path, open) : change('open', path, open)
  }
  const statSync: Disk['statSync'] = (path) => look('stat', path, () => nodeStat(volume.find(path, 'stat')))
  const entriesSync: Disk['entriesSync'] = (path) => look('entries', path, () => entries(volume, path))
  const makeFolderSync: Disk['makeFolderSync'] = (path, { permissions = folderPermissions } = {}) =>
    change('makeFolder', path, () => makeFolder(volume, path, permissions & ~umask))
  const renameSync: Disk['renameSync'] = (from, to) => change('rename', from, () => rename(volume, from, to))
  const removeFileSync: Disk['removeFileSync'] = (path) => change('removeFile', path, () => removeFile(volume, path))
  const removeFolderSync: Disk['removeFolderSync'] = (path) =>
    change('removeFolder', path, () => removeFolder(volume, path))
  const fsyncFolderSync: Disk['fsyncFolderSync'] = (path) =>
    change('fsyncFolder', path, () => volume.journal.sync(volume.findFolder(path, 'fsyncFolder')))

  return {
    openSync,
    statSync,
    glanceSync: (path) => glanceOf(statSync(path)),
    entriesSync,
    namesSync: (path) => entriesSync(path).map(entryName),
    makeFolderSync,
    renameSync,
    removeFileSync,
    removeFolderSync,
    fsyncFolderSync,
    open: async (path, mode, options) => openSync(path, mode, options),
    stat: async (path) => statSync(path),
    async *entries(path) {
      yield* entriesSync(path)
    },
    makeFolder: async (path, options) => makeFolderSync(path, options),
    rename: async (from, to) => renameSync(from, to),
    removeFile: async (path) => removeFileSync(path),
    removeFolder: async (path) => removeFolderSync(path),
    fsyncFolder: async (path) => fsyncFolderSync(path),
    link: async (existing, path) => change('link', path, () => link(volume, existing, path)),
    symlink: async (target, path) => change('symlink', path, () => symlink(volume, target, path)),
    readLink: async (path) => look('readLink', path, () => readLink(volume, path)),
    setMode: async (path, mode) =>
      change('setMode', path, () => {
        volume.find(path, 'setMode', true).facts.mode = mode & 0o7777
      }),
    setOwner: async (path, userId, groupId) =>
      change('setOwner', path, () => void Object.assign(volume.find(path, 'setOwner').facts, { userId, groupId })),
    setTimes: async (path, { accessedAt, modifiedAt }) =>
      change(
        'setTimes',
        path,
        () => void Object.assign(volume.find(path, 'setTimes').facts, { accessedAt, modifiedAt }),
      ),
    space: async (path) =>
      look('space', path, () => {
        volume.find(path, 'space', true)
        return { free: Math.max(0, volume.capacity - volume.used), total: volume.capacity }
      }),
    lock: async (path) => change('lock', path, () => holdLock(volume, path)),
  }
}

function readLink(volume: Volume, path: DiskPath): DiskPath {
  const node = volume.find(path, 'readLink')
  if (node.kind !== 'symlink') throw diskErrorOf('EINVAL', 'readLink', path)
  return textOrBytes(node.target)
}

function holdLock(volume: Volume, path: DiskPath): DiskLock | undefined {
  const node = openNode(volume, path, 'create', filePermissions & ~umask, 'lock')
  if (volume.locks.has(node)) return undefined
  volume.locks.add(node)
  let released = false
  return {
    async release() {
      if (!released) volume.locks.delete(node)
      released = true
    },
  }
}
