import type { BlockReader } from '../segment/block-reader.ts'
import { allRows, hasRows, intersect, noRows, subtract, unite, type RowBits } from '../segment/bits.ts'
import type { Searchable, TokenPlaces } from '../segment/searchable.ts'
import { longestIndexedToken } from '../tokens/token-hash.ts'
import { decodePostings } from '../tokens/posting-list.ts'
import { leavesOf, type CompiledFilter, type MatchLeaf } from './compile-filter.ts'
import type { PartLayout } from '../segment/layout.ts'
import { matchColumn } from './match-column.ts'

/** What is known in a segment about a test before a block is looked at. */
export interface LeafPlan {
  /** Of each token of the test. */
  readonly places: readonly TokenPlaces[]
  /** Per column, which of its coded values pass; undefined for none. */
  readonly codes: ReadonlyMap<number, Uint8Array | undefined>
}

/** Answers a filter on the blocks of one segment. */
export class SegmentSearch {
  readonly searchable: Searchable
  readonly #plans: ReadonlyMap<MatchLeaf, LeafPlan>

  private constructor(searchable: Searchable, plans: ReadonlyMap<MatchLeaf, LeafPlan>) {
    this.searchable = searchable
    this.#plans = plans
  }

  /** Asks the dictionaries of the segment. */
  static async plan(searchable: Searchable, filter: CompiledFilter): Promise<SegmentSearch> {
    const plans = new Map<MatchLeaf, LeafPlan>()
    for (const leaf of leavesOf(filter)) {
      const places = []
      for (const token of leaf.tokens) places.push(await searchable.findToken(token))
      plans.set(leaf, { places, codes: codesOf(leaf, searchable) })
    }
    return new SegmentSearch(searchable, plans)
  }

  /** The number of rows that match, where dictionaries alone tell it. */
  countOf(filter: CompiledFilter, block: BlockReader): number | undefined {
    const { layout } = block
    if (filter.type === 'all') return layout.rows
    if (filter.type === 'time') {
      if (layout.maxTime < filter.from || layout.minTime >= filter.to) return 0
      return layout.minTime >= filter.from && layout.maxTime < filter.to ? layout.rows : undefined
    }
    if (filter.type === 'and') {
      const undecided = filter.filters.filter((each) => this.countOf(each, block) !== layout.rows)
      if (undecided.length === 1) return this.countOf(undecided[0]!, block)
      if (undecided.length === 0) return layout.rows
      return undecided.some((each) => this.countOf(each, block) === 0) ? 0 : undefined
    }
    if (filter.type !== 'match' || !filter.isToken || filter.fields !== undefined) return undefined
    const { places, codes } = this.#plans.get(filter)!
    const first = filter.tokens[0]!.charCodeAt(0)
    const mayBeNumber = first >= 0x30 && first <= 0x39
    for (const { column, encoding } of layout.parts) {
      if (column < 0) continue
      const isNumber = encoding === 'integers' || encoding === 'times'
      if (isNumber ? mayBeNumber : codes.get(column) !== undefined) return undefined
    }
    const posting = places[0]!.postings.get(block.number)
    return posting?.count ?? (places[0]!.mayHold(block.number) ? undefined : 0)
  }

  /** Those of the candidates that match. */
  async match(filter: CompiledFilter, block: BlockReader, candidates: RowBits): Promise<RowBits> {
    const { rows, minTime, maxTime } = block.layout
    switch (filter.type) {
      case 'all':
        return candidates
      case 'time': {
        if (maxTime < filter.from || minTime >= filter.to) return noRows(rows)
        if (minTime >= filter.from && maxTime < filter.to) return candidates
        const times = await block.times()
        const found = noRows(rows)
        for (let row = 0; row < rows; row++)
          if (times[row]! >= filter.from && times[row]! < filter.to) found[row >> 5]! |= 1 << (row & 31)
        return intersect(found, candidates)
      }
      case 'not':
        return subtract(candidates.slice(), await this.match(filter.filter, block, candidates))
      case 'and': {
        let left = candidates
        for (const each of filter.filters) {
          left = await this.match(each, block, left)
          if (!hasRows(left)) break
        }
        return left
      }
      case 'or': {
        const found = noRows(rows)
        for (const each of filter.filters) unite(found, await this.match(each, block, candidates))
        return found
      }
      case 'match':
        return this.#matchLeaf(filter, block, candidates)
    }
  }

  async #matchLeaf(leaf: MatchLeaf, block: BlockReader, candidates: RowBits): Promise<RowBits> {
    const plan = this.#plans.get(leaf)!
    const found = noRows(block.layout.rows)
    const { rows, isExact } = textRows(plan.places, block)
    const inText = rows === undefined ? candidates : intersect(rows, candidates)
    const { columns } = this.searchable
    const isAnyToken = leaf.isToken && leaf.fields === undefined
    if (isExact && isAnyToken) unite(found, inText)
    const texts: PartLayout[] = []
    for (const part of block.layout.parts) {
      if (part.column < 0) continue
      const { kind, path } = columns[part.column]!
      if (kind !== 'raw' && leaf.fields !== undefined && !leaf.fields.includes(path)) continue
      if (part.encoding === 'text' || part.encoding === 'hex') texts.push(part)
      else if (mayPass(leaf, plan, part)) matchColumn(leaf, plan, await block.column(part), candidates, found)
    }
    if ((isExact && isAnyToken) || !hasRows(inText)) return found
    const inTexts = await this.#matchTexts(leaf, block, sortedByCost(texts), inText, isAnyToken && rows === undefined)
    return unite(found, inTexts)
  }

  /** @param isSingle whether what is looked for stands in one row at most of all text */
  async #matchTexts(
    leaf: MatchLeaf,
    block: BlockReader,
    parts: readonly PartLayout[],
    candidates: RowBits,
    isSingle: boolean,
  ): Promise<RowBits> {
    const found = noRows(block.layout.rows)
    const plan = this.#plans.get(leaf)!
    for (const part of parts) {
      const width = part.encoding === 'hex' ? part.width! : undefined
      if (width !== undefined && !mayBeHex(leaf, width)) continue
      if (width !== undefined && isHexValue(leaf, width))
        intersect(unite(found, await block.rowsOfHex(part, Buffer.from(leaf.tokens[0]!, 'hex'))), candidates)
      else matchColumn(leaf, plan, await block.column(part), candidates, found)
      if (isSingle && hasRows(found)) break
    }
    return found
  }
}

/** Hexadecimal digits first: they are searched as they are. */
function sortedByCost(parts: readonly PartLayout[]): PartLayout[] {
  return parts.toSorted((first, second) => Number(second.encoding === 'hex') - Number(first.encoding === 'hex'))
}

/** Whether a test is that of one whole value of hexadecimal digits. */
function isHexValue({ isToken, tokens }: MatchLeaf, width: number): boolean {
  return isToken && tokens[0]!.length === width * 2
}

/** Rows in whose text all tokens stand; `isExact` when they stand in all of them. Undefined when every row may. */
function textRows(
  places: readonly TokenPlaces[],
  block: BlockReader,
): { readonly rows: RowBits | undefined; readonly isExact: boolean } {
  const { rows: count } = block.layout
  let rows: RowBits | undefined
  let isExact = places.length > 0
  for (const { postings, mayHold } of places) {
    const posting = postings.get(block.number)
    if (posting === undefined) {
      if (!mayHold(block.number)) return { rows: noRows(count), isExact: true }
      isExact = false
      continue
    }
    const bits = noRows(count)
    decodePostings(posting.postings, posting.count, count, bits)
    rows = rows === undefined ? bits : intersect(rows, bits)
  }
  return { rows, isExact }
}

/** Whether a column of codes or integers can hold a value that passes, as far as dictionaries and ranges tell. */
function mayPass(leaf: MatchLeaf, { codes }: LeafPlan, part: BlockReader['layout']['parts'][number]): boolean {
  const { column, encoding, base = 0, range } = part
  if (encoding === 'code') return codes.get(column)?.[base] === 1
  if (encoding === 'codes') return codes.get(column) !== undefined
  if (leaf.range !== undefined && range !== undefined) return range[1] >= leaf.range[0] && range[0] <= leaf.range[1]
  if (leaf.tokens.length === 0) return true
  if (leaf.tokens.length > 1 || !/^(?:0|[1-9]\d{0,14})$/.test(leaf.tokens[0]!)) return false
  const number = Number(leaf.tokens[0])
  return (
    range === undefined || (range[0] <= number && range[1] >= number) || (range[0] <= -number && range[1] >= -number)
  )
}

/** A value of hexadecimal digits is one token. */
function mayBeHex({ tokens }: MatchLeaf, width: number): boolean {
  return tokens.every((token) => token.length === Math.min(width * 2, longestIndexedToken) && /^[0-9a-f]+$/.test(token))
}

function codesOf(leaf: MatchLeaf, { columns }: Searchable): ReadonlyMap<number, Uint8Array | undefined> {
  const codes = new Map<number, Uint8Array | undefined>()
  for (const [column, { kind, path, values }] of columns.entries()) {
    if (leaf.fields !== undefined && !leaf.fields.includes(path)) continue
    const passes = Uint8Array.from(values, (value) => (passesAsItStands(leaf, value, kind === 'string') ? 1 : 0))
    codes.set(column, passes.includes(1) ? passes : undefined)
  }
  return codes
}

function passesAsItStands(leaf: MatchLeaf, value: string, isString: boolean): boolean {
  if (!isString) return value !== 'null' && leaf.test(value, false)
  return leaf.test(value.includes('\\') ? (JSON.parse(`"${value}"`) as string) : value, true)
}

/** All rows of a block. */
export function everyRow(block: BlockReader): RowBits {
  return allRows(block.layout.rows)
}
