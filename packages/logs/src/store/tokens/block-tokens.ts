import { TokenKernel } from './token-kernel.ts'
import { TokenTable } from './token-table.ts'
import type { TokenText } from './token-text.ts'

/** What a block says about its tokens. */
export interface BlockTokens {
  /** Rows of the block. */
  readonly rows: number
  /** Tokens that stand in two rows or more, in no order, a newline behind each. */
  readonly names: Uint8Array
  /** Rows in which each of them stands. */
  readonly counts: Uint16Array
  /** Postings of all of them, one after the other. */
  readonly postings: Uint8Array
  /** Where the postings of each begin; one more for the end. */
  readonly offsets: Uint32Array
  /** Hashes of tokens that stand in one row. */
  readonly singles: Uint32Array
}

/** The tokens of a block that stand in two rows or more. */
export function namesOf({ names }: BlockTokens): string[] {
  const text = Buffer.from(names.buffer, names.byteOffset, names.length).toString('latin1')
  return text === '' ? [] : text.slice(0, -1).split('\n')
}

/** Bytes of text that the kernel gets together: its tables may take dozens of times as much. */
const mostBytes = 12 * 2 ** 20

/** A kernel with more memory, which never shrinks, is not used again. */
const mostMemory = 64 * 2 ** 20

let kernel: TokenKernel | undefined

/** The tokens of a block's texts. Values of one text are in the order of rows. */
export function blockTokens(texts: readonly TokenText[], rows: number): BlockTokens {
  const bytes = texts.reduce((sum, text) => sum + text.bytes.length, 0)
  if (bytes <= mostBytes) kernel ??= TokenKernel.create()
  if (bytes > mostBytes || kernel === undefined) return plainBlockTokens(texts, rows)
  const tokens = kernel.tokensOf(texts, rows)
  if (kernel.memory > mostMemory) kernel = undefined
  return tokens
}

/** The same without WebAssembly. */
export function plainBlockTokens(texts: readonly TokenText[], rows: number): BlockTokens {
  const table = new TokenTable()
  for (const text of texts) table.addText(text)
  return table.toBlock(rows)
}
