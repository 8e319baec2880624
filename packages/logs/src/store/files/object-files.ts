import { ExprsnError } from '@exprsn/core'
import type { ObjectStore } from '@exprsn/core/storage'
import { storeErrors } from '../errors.ts'
import { decodeManifest, encodeManifest, isDamage } from './manifest.ts'
import type { OpenFile, SegmentFiles } from './segment-files.ts'

/** Bytes that are asked for at once: what a query reads of a block lies close together. */
const chunkBytes = 256 * 1_024

/** Chunks of one segment that are kept while it is open. */
const mostChunks = 64

/** Segments in an object store, read by range. The manifest is replaced under a condition, so that two writers notice. */
export function objectFiles(store: ObjectStore, prefix: string): SegmentFiles {
  const path = prefix === '' ? 'manifest.json' : `${prefix}manifest.json`
  return {
    path,
    isFolder: false,
    async readManifest() {
      let tag: string | undefined
      try {
        const object = await store.get(path)
        tag = object.etag
        return { manifest: decodeManifest(path, await object.bytes()), tag }
      } catch (error) {
        if (isCode(error, 'CORE_STORAGE_NOT_FOUND')) return { manifest: undefined, tag: undefined }
        if (isDamage(error)) return { manifest: undefined, tag, damage: error }
        throw error
      }
    },
    async settleManifest() {},
    async writeManifest(manifest, tag) {
      try {
        const condition = tag === undefined ? ({ ifNoneMatch: '*' } as const) : { ifMatch: tag }
        const { etag } = await store.put(path, encodeManifest(manifest), condition)
        return { manifest, tag: etag }
      } catch (error) {
        if (isCode(error, 'CORE_STORAGE_CONFLICT')) throw storeErrors.LOGS_STORE_TWO_WRITERS({ path }, { cause: error })
        throw error
      }
    },
    async write(name, pieces) {
      const { size } = await store.put(`${prefix}segments/${name}`, pieces)
      return size
    },
    open: (name) => openObject(store, `${prefix}segments/${name}`, name),
    remove: (name) => store.delete(`${prefix}segments/${name}`),
    async settleNames() {},
    async setAside(name) {
      const object = await store.get(`${prefix}segments/${name}`)
      await store.put(`${prefix}damaged/${name}`, await object.bytes())
      await store.delete(`${prefix}segments/${name}`)
    },
    async list() {
      const names = []
      const folder = `${prefix}segments/`
      for await (const { key } of store.list({ prefix: folder })) names.push(key.slice(folder.length))
      return names
    },
  }
}

async function openObject(store: ObjectStore, key: string, name: string): Promise<OpenFile> {
  const info = await store.head(key)
  if (info === undefined)
    throw storeErrors.LOGS_STORE_SEGMENT_DAMAGED({ segment: name, part: 'object', reason: 'it is not there' })
  const { size } = info
  const chunks = new Map<number, Promise<Uint8Array>>()
  const chunk = (index: number): Promise<Uint8Array> => {
    const known = chunks.get(index)
    if (known !== undefined) {
      chunks.delete(index)
      chunks.set(index, known)
      return known
    }
    const range = { start: index * chunkBytes, end: Math.min(size, (index + 1) * chunkBytes) }
    const read = store.get(key, { range }).then((object) => object.bytes())
    chunks.set(index, read)
    read.catch(() => chunks.delete(index))
    for (const oldest of chunks.keys()) {
      if (chunks.size <= mostChunks) break
      chunks.delete(oldest)
    }
    return read
  }
  return {
    name,
    size,
    async read(offset, length) {
      const first = Math.floor(offset / chunkBytes)
      const last = Math.floor((offset + length - 1) / chunkBytes)
      const parts = await Promise.all(Array.from({ length: last - first + 1 }, (_, index) => chunk(first + index)))
      const bytes = parts.length === 1 ? parts[0]! : Buffer.concat(parts)
      const part = bytes.subarray(offset - first * chunkBytes, offset - first * chunkBytes + length)
      if (part.length !== length)
        throw storeErrors.LOGS_STORE_SEGMENT_DAMAGED({
          segment: name,
          part: 'object',
          reason: 'it is shorter than it was',
        })
      return part
    },
    close: async () => chunks.clear(),
  }
}

function isCode(error: unknown, code: string): boolean {
  return ExprsnError.is(error) && error.code === code
}
