import type { TokenPosting } from '../tokens/token-dictionary.ts'
import type { BlockLayout, ColumnLayout, FormLayout, PartLayout, SkeletonLayout } from './layout.ts'

/** What is known of a token without looking at values. */
export interface TokenPlaces {
  /** Blocks in whose text the token stands, and all rows there. */
  readonly postings: ReadonlyMap<number, TokenPosting>
  /** Whether it may stand in one row of the text of another block. */
  readonly mayHold: (block: number) => boolean
}

/** Lines that a query can look at: a segment, or those on their way to one. */
export interface Searchable {
  readonly name: string
  readonly columns: readonly ColumnLayout[]
  readonly skeletons: readonly SkeletonLayout[]
  readonly blocks: readonly BlockLayout[]
  /** Whether the bytes of a part are nobody else's. */
  readonly givesParts?: boolean | undefined
  /** The bytes of a part as they were packed. */
  readPart(block: number, part: PartLayout): Uint8Array | Promise<Uint8Array>
  /** Forms of the messages of a block, where they were counted when the segment was made. */
  formsOf(block: number): Promise<readonly FormLayout[] | undefined>
  /** Where a token of at most `longestIndexedToken` characters stands in columns of text. */
  findToken(token: string): Promise<TokenPlaces>
}
