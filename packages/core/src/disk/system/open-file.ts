import { constants, open, openSync } from 'node:fs'
import type { DiskFile, DiskPath, OpenMode, OpenOptions } from '../disk.ts'
import { diskError } from '../disk-error.ts'
import { SystemFile } from './system-file.ts'
import { systemPath } from './system-path.ts'

const { O_RDONLY, O_RDWR, O_CREAT, O_EXCL, O_TRUNC, O_APPEND } = constants
/** Windows has neither; for regular files the second means nothing. */
const noFollowFlags = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

const flags: Readonly<Record<OpenMode, number>> = {
  read: O_RDONLY,
  update: O_RDWR,
  create: O_RDWR | O_CREAT,
  'create-new': O_RDWR | O_CREAT | O_EXCL,
  truncate: O_RDWR | O_CREAT | O_TRUNC,
  append: O_RDWR | O_CREAT | O_APPEND,
}

const defaultPermissions = 0o666

/** Opens a file of the system. */
export function openFile(path: DiskPath, mode: OpenMode, options: OpenOptions = {}): Promise<DiskFile> {
  return new Promise((resolve, reject) => {
    const done = (error: unknown, descriptor: number): void => {
      if (error) reject(diskError(error, 'open', path))
      else resolve(new SystemFile(path, descriptor, mode))
    }
    try {
      open(systemPath(path), flagsOf(mode, options), options.permissions ?? defaultPermissions, done)
    } catch (thrown) {
      reject(diskError(thrown, 'open', path))
    }
  })
}

/** {@link openFile}, at once. */
export function openFileSync(path: DiskPath, mode: OpenMode, options: OpenOptions = {}): DiskFile {
  try {
    const descriptor = openSync(systemPath(path), flagsOf(mode, options), options.permissions ?? defaultPermissions)
    return new SystemFile(path, descriptor, mode)
  } catch (thrown) {
    throw diskError(thrown, 'open', path)
  }
}

function flagsOf(mode: OpenMode, { noFollow = false }: OpenOptions): number {
  return flags[mode] | (noFollow ? noFollowFlags : 0)
}
