import { getSystemErrorName } from 'node:util'
import type { DiskPath } from '../../disk/disk.ts'
import { diskError } from '../../disk/disk-error.ts'
import { pathBytes } from '../../disk/paths.ts'
import type { KoffiLike } from './koffi-like.ts'
import type { ExtendedAttribute, PosixCalls, SpecialNode } from './posix-calls.ts'

/** `AT_FDCWD` and `AT_SYMLINK_NOFOLLOW` of Linux. */
const currentFolder = -100
const noFollow = 0x100
/** What a file system answers that has no extended attributes, and what says that one is gone since it was listed. */
const unsupported = new Set(['ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'])
const gone = 'ENODATA'

const fileTypes: Readonly<Record<SpecialNode['kind'], number>> = {
  fifo: 0o010000,
  'character-device': 0o020000,
  'block-device': 0o060000,
}

/** The calls of Linux's C library (glibc 2.33 or musl). */
export function linuxCalls(koffi: KoffiLike): PosixCalls {
  const library = koffi.load(null)
  const bind = (declaration: string) => {
    const call = library.func(declaration)
    return (...parameters: unknown[]): number => Number(call(...parameters))
  }
  const list = bind('long llistxattr(const void *path, void *names, size_t size)')
  const get = bind('long lgetxattr(const void *path, const void *name, void *value, size_t size)')
  const set = bind('int lsetxattr(const void *path, const void *name, const void *value, size_t size, int flags)')
  const remove = bind('int lremovexattr(const void *path, const void *name)')
  const utimens = bind('int utimensat(int folder, const void *path, const void *times, int flags)')
  const make = bind('int mknod(const void *path, unsigned int mode, unsigned long device)')

  const check = (result: number, operation: string, path: DiskPath): number => {
    if (result >= 0) return result
    throw diskError(systemError(koffi.errno(), operation), operation, path)
  }
  const errnoName = (): string => nameOf(koffi.errno())

  /** Reads what may grow between asking for its size and reading it. */
  const readGrowing = (read: (target: Buffer | null, size: number) => number): Buffer | undefined => {
    for (let size = read(null, 0); size >= 0; size = read(null, 0)) {
      const target = Buffer.alloc(size)
      if (size === 0) return target
      const length = read(target, size)
      if (length >= 0) return target.subarray(0, length)
      if (errnoName() !== 'ERANGE') return undefined
    }
    return undefined
  }

  return {
    extendedAttributes(path) {
      const name = terminated(path)
      const names = readGrowing((target, size) => list(name, target, size))
      if (names === undefined) {
        if (unsupported.has(errnoName())) return []
        throw diskError(systemError(koffi.errno(), 'llistxattr'), 'extendedAttributes', path)
      }
      const attributes: ExtendedAttribute[] = []
      for (const each of names.toString().split('\0').filter(Boolean)) {
        const value = readGrowing((target, size) => get(name, terminated(each), target, size))
        if (value !== undefined) attributes.push({ name: each, value })
        else if (errnoName() !== gone)
          throw diskError(systemError(koffi.errno(), 'lgetxattr'), 'extendedAttributes', path)
      }
      return attributes
    },
    setExtendedAttribute(path, { name, value }) {
      check(set(terminated(path), terminated(name), value, value.length, 0), 'setExtendedAttribute', path)
    },
    removeExtendedAttribute(path, name) {
      check(remove(terminated(path), terminated(name)), 'removeExtendedAttribute', path)
    },
    setTimes(path, { accessedAt, modifiedAt }) {
      const times = Buffer.alloc(32)
      writeTime(times, 0, accessedAt)
      writeTime(times, 16, modifiedAt)
      check(utimens(currentFolder, terminated(path), times, noFollow), 'setTimes', path)
    },
    makeNode(path, { kind, mode, device = 0n }) {
      check(make(terminated(path), fileTypes[kind] | mode, device), 'makeNode', path)
    },
  }
}

function terminated(path: DiskPath): Buffer {
  return Buffer.concat([pathBytes(path), Buffer.alloc(1)])
}

/** A `struct timespec`: seconds rounded down, so that the nanoseconds are never negative. */
function writeTime(target: Buffer, at: number, nanoseconds: bigint): void {
  const rest = ((nanoseconds % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n
  target.writeBigInt64LE((nanoseconds - rest) / 1_000_000_000n, at)
  target.writeBigInt64LE(rest, at + 8)
}

function nameOf(errno: number): string {
  try {
    return getSystemErrorName(-errno)
  } catch {
    return errno === 61 ? gone : `E${errno}`
  }
}

function systemError(errno: number, syscall: string): NodeJS.ErrnoException {
  const code = nameOf(errno)
  return Object.assign(new Error(`${code}: ${syscall}`), { code, errno: -errno, syscall })
}
