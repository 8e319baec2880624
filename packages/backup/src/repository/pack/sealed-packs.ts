import type { BlobType } from '../blob.ts'
import type { RepositoryContext } from '../context.ts'
import type { IndexedPack } from '../index/index-json.ts'
import { createUploads } from '../writer/uploads.ts'
import { PackBuilder, type SealedBlob } from './pack-builder.ts'
import { packKey } from './pack-key.ts'

/** Packs on their way to the store while the next one is put together: each is as much memory. */
const parallelUploads = 2
/** As much as the last blob of a pack, with the pack's header, is likely to take beyond its size; a larger one makes it grow. */
const beyond = 1_024 * 1_024

/** Stores sealed blobs, which are the same bytes wherever they lie, in new packs; whoever does so lists them in an index. */
export class SealedPacks {
  /** Of all packs so far. */
  bytes = 0
  readonly #context: Pick<RepositoryContext, 'store' | 'key' | 'random' | 'packSize'>
  readonly #signal: AbortSignal | undefined
  readonly #builders = new Map<BlobType, PackBuilder>()
  readonly #stored: IndexedPack[] = []
  readonly #uploads = createUploads(parallelUploads)
  /** Of packs that are stored, for the next ones. */
  readonly #memory: ArrayBuffer[] = []

  constructor(context: Pick<RepositoryContext, 'store' | 'key' | 'random' | 'packSize'>, signal?: AbortSignal) {
    this.#context = context
    this.#signal = signal
  }

  /** Copies a blob, and begins to store the pack that is full with it. */
  async add(blob: SealedBlob): Promise<void> {
    const builder = this.#builders.get(blob.type) ?? new PackBuilder(this.#room(), this.#memory.pop())
    this.#builders.set(blob.type, builder)
    builder.add(blob)
    if (builder.size >= this.#context.packSize) await this.#close(blob.type)
  }

  /** Stores what is left; gives all packs. */
  async finish(): Promise<readonly IndexedPack[]> {
    await this.#close('data')
    await this.#close('tree')
    await this.#uploads.done()
    return this.#stored
  }

  /** Waits for what is on its way, whatever comes of it: nothing may be stored after a failure was told. */
  async settle(): Promise<void> {
    await this.#uploads.done().catch(() => {})
  }

  #room(): number {
    return this.#context.packSize + beyond
  }

  async #close(type: BlobType): Promise<void> {
    const builder = this.#builders.get(type)
    if (builder === undefined) return
    this.#builders.delete(type)
    const { store, key, random } = this.#context
    const { id, bytes, blobs } = builder.finish(key, random)
    this.bytes += bytes.length
    this.#stored.push({ id, blobs })
    await this.#uploads.start(async () => {
      await store.put(packKey(id), bytes, { sha256: id, signal: this.#signal })
      this.#memory.push(bytes.buffer)
    })
  }
}
