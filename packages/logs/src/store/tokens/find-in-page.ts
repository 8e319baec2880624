import { PageCursor } from './page-cursor.ts'
import type { TokenPosting } from './token-dictionary.ts'

/**
 * Where one token of a page stands. The tokens before it are passed over without being read: what each shares with the one
 * before it tells nearly always that it is another one. `readPage` is the plain way.
 */
export function findInPage(page: Uint8Array, token: string): TokenPosting[] {
  const cursor = new PageCursor(page)
  /** Letters that the last token, which comes before the one that is looked for, has in common with it. */
  let same = 0
  while (!cursor.isAtEnd) {
    const shared = cursor.varint()
    const length = cursor.varint()
    const rest = cursor.skip(length)
    const blocks = cursor.varint()
    const places = cursor.skip(cursor.varint())
    if (shared > same) continue
    if (shared < same) break
    let next = 0
    while (next < length && page[rest + next] === token.charCodeAt(same + next)) next++
    same += next
    const isWhole = next === length
    if (isWhole && same === token.length) return placesIn(page.subarray(places, cursor.offset), blocks)
    if (!isWhole && !(page[rest + next]! < token.charCodeAt(same))) break
  }
  return []
}

function placesIn(bytes: Uint8Array, count: number): TokenPosting[] {
  const cursor = new PageCursor(bytes)
  const places: TokenPosting[] = []
  let block = -1
  for (let index = 0; index < count; index++) {
    block += cursor.varint() + 1
    const rows = cursor.varint()
    const from = cursor.skip(cursor.varint())
    places.push({ block, count: rows, postings: bytes.subarray(from, cursor.offset) })
  }
  return places
}
