import type { BlobType } from '../blob.ts'
import type { RepositoryContext } from '../context.ts'
import type { IndexedPack } from '../index/index-json.ts'
import { PackBuilder, type SealedBlob } from './pack-builder.ts'
import { packKey } from './pack-key.ts'

/** Stores sealed blobs, which are the same bytes wherever they lie, in new packs; whoever does so lists them in an index. */
export class SealedPacks {
  /** Of all packs so far. */
  bytes = 0
  readonly #context: Pick<RepositoryContext, 'store' | 'key' | 'random' | 'packSize'>
  readonly #signal: AbortSignal | undefined
  readonly #builders: Record<BlobType, PackBuilder> = { data: new PackBuilder(), tree: new PackBuilder() }
  readonly #stored: IndexedPack[] = []

  constructor(context: Pick<RepositoryContext, 'store' | 'key' | 'random' | 'packSize'>, signal?: AbortSignal) {
    this.#context = context
    this.#signal = signal
  }

  /** Copies a blob, and stores the pack that is full with it. */
  async add(blob: SealedBlob): Promise<void> {
    const builder = this.#builders[blob.type]
    builder.add(blob)
    if (builder.size >= this.#context.packSize) await this.#close(blob.type)
  }

  /** Stores what is left; gives all packs. */
  async finish(): Promise<readonly IndexedPack[]> {
    await this.#close('data')
    await this.#close('tree')
    return this.#stored
  }

  async #close(type: BlobType): Promise<void> {
    const builder = this.#builders[type]
    if (builder.blobs.length === 0) return
    this.#builders[type] = new PackBuilder()
    const { store, key, random } = this.#context
    const { id, bytes, blobs } = builder.finish(key, random)
    await store.put(packKey(id), bytes, { sha256: id, signal: this.#signal })
    this.bytes += bytes.length
    this.#stored.push({ id, blobs })
  }
}
