import { namesOf, type BlockTokens } from '../tokens/block-tokens.ts'
import { tokenHash } from '../tokens/token-hash.ts'
import type { EncodedBlock } from './block-builder.ts'
import type { BlockLayout, ColumnLayout, PartLayout, SkeletonLayout } from './layout.ts'
import type { Searchable, TokenPlaces } from './searchable.ts'
import type { SegmentBuilder } from './segment-builder.ts'

/** What a block's tokens are found by; made when the block is asked first. */
interface BlockIndex {
  readonly tokens: ReadonlyMap<string, number>
  readonly singles: ReadonlySet<number>
}

const indexes = new WeakMap<BlockTokens, BlockIndex>()

/** Lines on their way to a segment, as they are now, for queries. */
export class HeadView implements Searchable {
  readonly name = 'memory'
  readonly columns: readonly ColumnLayout[]
  readonly skeletons: readonly SkeletonLayout[]
  readonly blocks: readonly BlockLayout[]
  readonly #blocks: readonly EncodedBlock[]

  constructor(builder: SegmentBuilder) {
    const { blocks, columns, skeletons } = builder.snapshot()
    this.columns = columns
    this.skeletons = skeletons
    this.#blocks = blocks
    this.blocks = blocks.map(({ layout }) => layout)
  }

  readPart(block: number, part: PartLayout): Uint8Array {
    const { parts } = this.#blocks[block]!
    return parts.find(({ layout }) => layout === part)!.bytes
  }

  async formsOf(): Promise<undefined> {
    return undefined
  }

  async findToken(token: string): Promise<TokenPlaces> {
    const hash = tokenHash(token)
    const postings = new Map<number, { block: number; count: number; postings: Uint8Array }>()
    for (const [block, { tokens }] of this.#blocks.entries()) {
      const index = indexOf(tokens).tokens.get(token)
      if (index === undefined) continue
      const [from, to] = [tokens.offsets[index]!, tokens.offsets[index + 1]!]
      postings.set(block, { block, count: tokens.counts[index]!, postings: tokens.postings.subarray(from, to) })
    }
    return { postings, mayHold: (block) => indexOf(this.#blocks[block]!.tokens).singles.has(hash) }
  }
}

function indexOf(tokens: BlockTokens): BlockIndex {
  let index = indexes.get(tokens)
  if (index === undefined) {
    index = { tokens: new Map(namesOf(tokens).map((token, at) => [token, at])), singles: new Set(tokens.singles) }
    indexes.set(tokens, index)
  }
  return index
}
