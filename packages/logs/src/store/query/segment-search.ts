import type { BlockReader } from '../segment/block-reader.ts'
import { allRows, countRows, hasRows, intersect, noRows, subtract, unite, type RowBits } from '../segment/bits.ts'
import type { Searchable, TokenPlaces } from '../segment/searchable.ts'
import { longestIndexedToken } from '../tokens/token-hash.ts'
import { decodePostings } from '../tokens/posting-list.ts'
import type { TokenPosting } from '../tokens/token-dictionary.ts'
import { leavesOf, type CompiledFilter, type MatchLeaf } from './compile-filter.ts'
import type { BlockLayout, PartLayout } from '../segment/layout.ts'
import { columnUses, integerBounds } from './column-uses.ts'
import { matchColumn } from './match-column.ts'
import { PassingCodes } from './passing-codes.ts'

/** What is known in a segment about a test before a block is looked at. */
export interface LeafPlan {
  /** Of each token of the test. */
  readonly places: readonly TokenPlaces[]
  readonly codes: PassingCodes
}

interface SegmentPlan extends LeafPlan {
  /** Whether a code or an integer of any block may pass. */
  readonly mayPass: boolean
}

/** A part of a filter, and the number of rows of a block that match it, where that is known. */
interface CountedFilter {
  readonly filter: CompiledFilter
  readonly count: number | undefined
}

/** Answers a filter on the blocks of one segment. */
export class SegmentSearch {
  readonly searchable: Searchable
  readonly #plans: ReadonlyMap<MatchLeaf, SegmentPlan>

  private constructor(searchable: Searchable, plans: ReadonlyMap<MatchLeaf, SegmentPlan>) {
    this.searchable = searchable
    this.#plans = plans
  }

  /** Asks the dictionaries of the segment. */
  static async plan(searchable: Searchable, filter: CompiledFilter): Promise<SegmentSearch> {
    const plans = new Map<MatchLeaf, SegmentPlan>()
    for (const leaf of leavesOf(filter)) {
      const places = []
      for (const token of leaf.tokens) places.push(await searchable.findToken(token))
      const codes = new PassingCodes(leaf, searchable.columns)
      const mayPass = columnUses(searchable).some(
        ({ isCoded, least, most }, column) =>
          isAsked(leaf, searchable, column) &&
          ((isCoded && codes.get(column) !== undefined) || (least <= most && mayPassInteger(leaf, least, most))),
      )
      plans.set(leaf, { places, codes, mayPass })
    }
    return new SegmentSearch(searchable, plans)
  }

  /** The number of rows of a block that match, where dictionaries alone tell it. */
  countOf(filter: CompiledFilter, number: number): number | undefined {
    const { rows, minTime, maxTime } = this.searchable.blocks[number]!
    switch (filter.type) {
      case 'all':
        return rows
      case 'time':
        if (maxTime < filter.from || minTime >= filter.to) return 0
        return minTime >= filter.from && maxTime < filter.to ? rows : undefined
      case 'not': {
        const others = this.countOf(filter.filter, number)
        return others === undefined ? undefined : rows - others
      }
      case 'and': {
        const parts = []
        for (const each of filter.filters) {
          const count = this.countOf(each, number)
          if (count === 0) return 0
          if (count !== rows) parts.push({ filter: each, count })
        }
        if (parts.length > 1) return this.#countTogether(parts, number)
        return parts.length === 0 ? rows : parts[0]!.count
      }
      case 'or':
        return filter.filters.every((each) => this.countOf(each, number) === 0) ? 0 : undefined
      case 'match':
        return this.#countOfLeaf(filter, number)
    }
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

  /** Rows in which all of several tokens stand, where the dictionary knows the rows of each. */
  #countTogether(parts: readonly CountedFilter[], number: number): number | undefined {
    const { rows } = this.searchable.blocks[number]!
    let together: RowBits | undefined
    for (const { filter, count } of parts) {
      if (filter.type !== 'match' || count === undefined) return undefined
      const posting = this.#plans.get(filter)!.places[0]!.postings.get(number)!
      const bits = rowsIn(posting, rows)
      together = together === undefined ? bits : intersect(together, bits)
    }
    return countRows(together!)
  }

  #countOfLeaf(leaf: MatchLeaf, number: number): number | undefined {
    const plan = this.#plans.get(leaf)!
    const isAbsent = plan.places.some(({ postings, mayHold }) => !postings.has(number) && !mayHold(number))
    if (!plan.mayPass && isAbsent) return 0
    if (!plan.mayPass && isAnyToken(leaf)) return plan.places[0]!.postings.get(number)?.count
    const layout = this.searchable.blocks[number]!
    let hasText = false
    for (const part of layout.parts) {
      if (!isAsked(leaf, this.searchable, part.column)) continue
      if (isText(part)) hasText ||= !isAbsent && mayBeInText(leaf, part)
      else if (mayPass(leaf, plan, part, layout)) return undefined
    }
    if (!hasText) return 0
    return isAnyToken(leaf) ? plan.places[0]!.postings.get(number)?.count : undefined
  }

  async #matchLeaf(leaf: MatchLeaf, block: BlockReader, candidates: RowBits): Promise<RowBits> {
    const plan = this.#plans.get(leaf)!
    const { rows, isExact } = textRows(plan.places, block)
    const inText = rows === undefined ? candidates : intersect(rows, candidates)
    const isFound = isExact && isAnyToken(leaf)
    const found = isFound ? inText : noRows(block.layout.rows)
    const texts: PartLayout[] = []
    for (const part of block.layout.parts) {
      if (!isAsked(leaf, this.searchable, part.column)) continue
      if (isText(part)) texts.push(part)
      else if (mayPass(leaf, plan, part, block.layout))
        matchColumn(leaf, plan, await block.column(part), candidates, found)
    }
    if (isFound || !hasRows(inText)) return found
    const inTexts = await this.#matchTexts(leaf, block, texts, inText, isAnyToken(leaf) && rows === undefined)
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
    for (const part of sortedByCost(parts)) {
      if (!mayBeInText(leaf, part)) continue
      const width = part.encoding === 'hex' ? part.width! : undefined
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
    const bits = rowsIn(posting, count)
    rows = rows === undefined ? bits : intersect(rows, bits)
  }
  return { rows, isExact }
}

function rowsIn({ postings, count }: TokenPosting, rows: number): RowBits {
  const bits = noRows(rows)
  decodePostings(postings, count, rows, bits)
  return bits
}

function isText({ encoding }: PartLayout): boolean {
  return encoding === 'text' || encoding === 'hex'
}

/** Whether all that is asked is that a token stands anywhere in a line. */
function isAnyToken({ isToken, fields }: MatchLeaf): boolean {
  return isToken && fields === undefined
}

/** Whether a test is about what stands in a column. */
function isAsked({ fields }: MatchLeaf, { columns }: Searchable, column: number): boolean {
  if (column < 0) return false
  if (fields === undefined) return true
  const { kind, path } = columns[column]!
  return kind === 'raw' || fields.includes(path)
}

/** Whether a column of codes or integers can hold a value that passes, as far as dictionaries and ranges tell. */
function mayPass(leaf: MatchLeaf, { codes }: LeafPlan, part: PartLayout, block: BlockLayout): boolean {
  const { column, encoding, base = 0 } = part
  if (encoding === 'code') return codes.get(column)?.[base] === 1
  if (encoding === 'codes') return codes.get(column) !== undefined
  const [least, most] = integerBounds(part, block)
  return mayPassInteger(leaf, least, most)
}

function mayPassInteger({ range, tokens, integer }: MatchLeaf, least: number, most: number): boolean {
  if (range !== undefined) return most >= range[0] && least <= range[1]
  if (tokens.length === 0) return true
  if (integer === undefined) return false
  return (least <= integer && most >= integer) || (least <= -integer && most >= -integer)
}

/** Whether a column of text can have all tokens: a value of hexadecimal digits is one. */
function mayBeInText({ tokens }: MatchLeaf, { encoding, width = 0 }: PartLayout): boolean {
  if (encoding !== 'hex') return true
  return tokens.every((token) => token.length === Math.min(width * 2, longestIndexedToken) && /^[0-9a-f]+$/.test(token))
}

/** All rows of a block. */
export function everyRow(block: BlockReader): RowBits {
  return allRows(block.layout.rows)
}
