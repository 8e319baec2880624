import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { constants, zstdCompress } from 'node:zlib'
import { ExprsnError } from '@exprsn/core'
import { decompress } from '@exprsn/core/bytes'
import type { ObjectStore, storageErrors } from '@exprsn/core/storage'
import { checkSegment } from './check-segment.ts'
import { archiveErrors } from './errors.ts'
import { holdsWal, isWalFileName } from './wal-file-name.ts'

/** Options of {@link walFileStore}. */
export interface WalFileStoreOptions {
  /** Where the log goes: a folder or a bucket. */
  readonly store: ObjectStore
  /** What its keys begin with; one for each cluster. @default '' */
  readonly prefix?: string | undefined
  /** @default 'zstd' */
  readonly compress?: 'zstd' | 'none' | undefined
}

/** Files of a write-ahead log in an object store. */
export interface WalFileStore {
  /**
   * Stores a file; resolves when it is durable. A file that is there with the same content is fine: PostgreSQL archives again
   * what it is not sure of.
   */
  put(name: string, bytes: Uint8Array, options?: { readonly signal?: AbortSignal | undefined }): Promise<void>
  /** @throws `BACKUP_ARCHIVE_NOT_FOUND`, `BACKUP_ARCHIVE_DAMAGED` */
  get(name: string, options?: { readonly signal?: AbortSignal | undefined }): Promise<Uint8Array>
}

/** A file that no server writes: a segment is at most 1 GiB, and everything else is small. */
const largestFile = 2 ** 30
const magic = Buffer.from('EXWAL1\n')

/**
 * One object for each file, `<prefix><timeline>/<name>.zst`, which `zstd -d` reads and which carries its own SHA-256. With
 * `compress: 'none'` the content alone, as any restore_command can copy it.
 */
export function walFileStore({ store, prefix = '', compress = 'zstd' }: WalFileStoreOptions): WalFileStore {
  const base = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`
  const keyOf = (name: string): string => {
    if (!isWalFileName(name)) throw archiveErrors.BACKUP_ARCHIVE_NAME_INVALID({ name: name.slice(0, 100) })
    return `${base}${name.slice(0, 8)}/${name}${compress === 'zstd' ? '.zst' : ''}`
  }
  let cluster: string | undefined

  const read = async (key: string, signal: AbortSignal | undefined): Promise<Uint8Array | undefined> => {
    try {
      return await (await store.get(key, { signal })).bytes()
    } catch (error) {
      if (isStorageError(error, 'CORE_STORAGE_NOT_FOUND')) return undefined
      throw error
    }
  }

  /** False when there is something of this key already. */
  const create = async (key: string, bytes: Uint8Array, signal: AbortSignal | undefined): Promise<boolean> => {
    try {
      await store.put(key, bytes, { ifNoneMatch: '*', signal })
      return true
    } catch (error) {
      if (isStorageError(error, 'CORE_STORAGE_CONFLICT')) return false
      throw error
    }
  }

  /** The first segment decides whose archive this is. */
  const claim = async (name: string, found: string, signal: AbortSignal | undefined): Promise<void> => {
    const key = `${base}cluster`
    if (cluster === undefined && !(await create(key, Buffer.from(found), signal)))
      cluster = Buffer.from((await read(key, signal)) ?? []).toString()
    cluster ??= found
    if (cluster !== found) throw archiveErrors.BACKUP_ARCHIVE_OTHER_CLUSTER({ name, found, known: cluster })
  }

  const get: WalFileStore['get'] = async (name, { signal } = {}) => {
    const stored = await read(keyOf(name), signal)
    if (stored === undefined) throw archiveErrors.BACKUP_ARCHIVE_NOT_FOUND({ name })
    return compress === 'none' ? stored : unpack(name, stored)
  }

  return {
    get,
    async put(name, bytes, { signal } = {}) {
      const key = keyOf(name)
      if (holdsWal(name)) await claim(name, checkSegment(name, bytes).toString(), signal)
      const content = compress === 'none' ? bytes : await pack(bytes)
      if (await create(key, content, signal)) return
      const there = await get(name, { signal })
      if (Buffer.compare(there, bytes) !== 0) throw archiveErrors.BACKUP_ARCHIVE_DIFFERS({ name })
    },
  }
}

function isStorageError(error: unknown, code: keyof typeof storageErrors.definitions): boolean {
  return ExprsnError.is(error) && error.code === code
}

const compressAsync = promisify(zstdCompress) as (bytes: Uint8Array, options: object) => Promise<Uint8Array>

/** The digest lies in a frame that zstd skips (RFC 8878, section 3.1.2), so `zstd -d` reads the object. */
async function pack(bytes: Uint8Array): Promise<Uint8Array> {
  const digest = createHash('sha256').update(bytes).digest()
  const header = Buffer.alloc(8)
  header.writeUInt32LE(0x184d2a50, 0)
  header.writeUInt32LE(magic.length + digest.length, 4)
  const params = { [constants.ZSTD_c_compressionLevel]: 3 }
  const chunkSize = bytes.length + (bytes.length >> 7) + 1024
  const frame = await compressAsync(bytes, { params, chunkSize, pledgedSrcSize: bytes.length })
  return Buffer.concat([header, magic, digest, frame])
}

function unpack(name: string, stored: Uint8Array): Uint8Array {
  const damaged = (reason: string, cause?: unknown) => archiveErrors.BACKUP_ARCHIVE_DAMAGED({ name, reason }, { cause })
  const head = Buffer.from(stored.buffer, stored.byteOffset, Math.min(stored.length, 47))
  if (
    head.length < 47 ||
    head.readUInt32LE(0) !== 0x184d2a50 ||
    head.readUInt32LE(4) !== 39 ||
    !head.subarray(8, 15).equals(magic)
  )
    throw damaged('it does not begin as a stored file does')
  let content: Uint8Array
  try {
    content = decompress(stored.subarray(47), { limit: largestFile, format: 'zstd' })
  } catch (error) {
    if (ExprsnError.is(error)) throw damaged('it cannot be unpacked', error)
    throw error
  }
  if (!createHash('sha256').update(content).digest().equals(head.subarray(15, 47)))
    throw damaged('its checksum is another one than it was')
  return content
}
