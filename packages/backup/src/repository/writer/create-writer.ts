import type { BlobType, ContentId } from '../blob.ts'
import type { RepositoryContext } from '../context.ts'
import type { BlobTable } from '../index/blob-table.ts'
import { encodeIndex, type IndexedPack } from '../index/index-json.ts'
import { createCompressor, defaultCompression, pageCompression, type Compressor } from '../object/compression.ts'
import { sha256 } from '../object/load-verified.ts'
import { PackBuilder } from '../pack/pack-builder.ts'
import { packKey } from '../pack/pack-key.ts'
import type { AssembledPack, BlobWriter, PackSettings, SaveBlobOptions } from './blob-writer.ts'
import { createUploads } from './uploads.ts'

/** Options of {@link createWriter}. */
export interface CreateWriterOptions {
  /** The blobs that may be counted on: the index without what a prune is about to remove. Called once. */
  readonly loadTable: () => Promise<BlobTable>
  readonly signal?: AbortSignal | undefined
}

/** A writer with the figures of what went through it. */
export interface CountingWriter extends BlobWriter {
  /** Bytes of plain content that the repository did not hold, and what was stored for them. */
  counts(): { readonly added: number; readonly stored: number }
}

/**
 * Blobs per index object. Restic has 50,000: their JSON, compressed and sealed is 40 MB of memory at a moment when the packs take
 * most already.
 */
const indexBlobs = 20_000
/** After this many packs an index is written even so: an interrupted run then loses no more than these. */
const indexPacks = 16
const parallelUploads = 3
/** Bytes of content that is said to be new and may be stored without looking: a hundred folders or more. */
const mostUnseen = 256 * 1_024

/** Collects blobs into packs, uploads them, and lists them in indexes. */
export function createWriter(context: RepositoryContext, { loadTable, signal }: CreateWriterOptions): CountingWriter {
  const { store, objects, key, random, packSize, compression, config } = context
  const settings: PackSettings = {
    ...{ key, packSize },
    compression: config.version === 2 ? compression : undefined,
    chunkerPolynomial: config.chunkerPolynomial,
  }
  const builders: Record<BlobType, PackBuilder> = { data: new PackBuilder(), tree: new PackBuilder() }
  const compress = createCompressor(settings.compression)
  const isDefault = settings.compression === defaultCompression
  const compressPages = isDefault ? createCompressor(pageCompression) : compress
  /** Blobs of this session that the table does not have: not stored yet, or stored before it was loaded. */
  const beside = new Set<string>()
  /** Memory of packs that are stored. */
  const spare: ArrayBuffer[] = []
  const uploads = createUploads(parallelUploads)
  let table: BlobTable | undefined
  let loading: Promise<BlobTable> | undefined
  let unindexed: IndexedPack[] = []
  let added = 0
  let stored = 0
  let unseen = 0

  const load = (): Promise<BlobTable> => (loading ??= loadTable().then((loaded) => (table = loaded)))

  const writeIndex = async (): Promise<void> => {
    const packs = unindexed
    unindexed = []
    if (packs.length === 0) return
    await objects.save('index', encodeIndex(packs), signal)
  }

  const storePack = async (pack: AssembledPack): Promise<void> => {
    await store.put(packKey(pack.id), pack.bytes, { sha256: pack.id, signal })
    if (loading === undefined) {
      for (const { type, id } of pack.blobs) beside.add(type + id)
    } else {
      ;(await loading).addPack(pack.id, pack.blobs)
      for (const { type, id } of pack.blobs) beside.delete(type + id)
    }
    unindexed.push({ id: pack.id, blobs: pack.blobs })
    const blobs = unindexed.reduce((sum, each) => sum + each.blobs.length, 0)
    if (unindexed.length >= indexPacks || blobs >= indexBlobs) await writeIndex()
  }

  const close = async (type: BlobType): Promise<void> => {
    const builder = builders[type]
    if (builder.blobs.length === 0) return
    const pack = builder.finish(key, random)
    // The next pack is likely as large: growing to it again would copy it twice.
    builders[type] = new PackBuilder(Math.ceil(pack.bytes.length * 1.1), spare.pop())
    await uploads.start(async () => {
      await storePack(pack)
      spare.push(pack.bytes.buffer)
    })
  }

  const packedBy = (wanted: SaveBlobOptions['compress'] = true): Compressor | undefined => {
    if (wanted === 'pages') return compressPages
    return wanted ? compress : undefined
  }

  const has = (type: BlobType, id: ContentId): boolean => beside.has(type + id) || table?.has(type, id) === true

  /** Whether content may be stored without looking whether it is already. */
  const mayStoreUnseen = (content: Uint8Array, isNew = false): boolean => {
    if (!isNew || loading !== undefined || unseen + content.length > mostUnseen) return false
    unseen += content.length
    return true
  }

  return {
    settings,
    counts: () => ({ added, stored }),
    async ready() {
      await load()
    },
    has,
    *known(type) {
      for (const blob of table!.entries()) if (blob.type === type) yield blob.id
    },

    async save(type, content, options = {}) {
      signal?.throwIfAborted()
      if (table === undefined && !mayStoreUnseen(content, options.isNew)) await load()
      const id = options.id ?? sha256(content)
      if (has(type, id)) return { id, added: false, stored: 0 }
      beside.add(type + id)
      const packed = packedBy(options.compress)?.(content)
      const blob = { type, id, content: packed ?? content, uncompressedLength: packed && content.length }
      const length = builders[type].seal(blob, key, random)
      added += content.length
      stored += length
      if (builders[type].size >= packSize) await close(type)
      return { id, added: true, stored: length }
    },

    async savePack(pack) {
      signal?.throwIfAborted()
      for (const { length, uncompressedLength } of pack.blobs) {
        added += uncompressedLength ?? length - 32
        stored += length
      }
      await storePack(pack)
    },

    async flush() {
      await close('data')
      await close('tree')
      await uploads.done()
      await writeIndex()
    },
  }
}
