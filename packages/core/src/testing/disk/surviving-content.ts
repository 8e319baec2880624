import { randomBelow, randomItem } from '../../random/draw.ts'
import type { Random } from '../../random/random.ts'
import { sizeAfter, type PendingChange } from './pending-change.ts'

/** How much of a sector a power loss leaves. */
export interface TearOptions {
  /** Whether a write may stop inside a sector of 512 bytes. */
  readonly tearSectors: boolean
}

/** What a disk writes at once, or not at all. */
export const sectorSize = 512

/**
 * What a power loss leaves of a file: the durable bytes and any part of the changes that were not synced.
 *
 * The model: a page is written back whenever the system likes, with all changes it has seen by then. So each sector
 * stands at some number of the changes, and so does the size, independent of each other. One of six patterns is drawn:
 * nothing, everything, all at one point in order, one write alone that overtook those before it, all at one point with
 * the last write torn by sectors, and every sector for itself. Where the size got ahead of the bytes there are zeros.
 */
export function survivingContent(
  durable: Uint8Array,
  changes: readonly PendingChange[],
  random: Random,
  options: TearOptions,
): Uint8Array {
  if (changes.length === 0) return durable.slice()
  const sizes = sizesOf(durable.length, changes)
  const bytes = new Uint8Array(sizes.reduce((most, size) => Math.max(most, size)))
  bytes.set(durable)
  const pattern = drawPattern(changes, random)
  const sizeSeen = pattern.size()
  const reached = Array.from({ length: sectorOf(bytes.length) + 1 }, (_, sector) =>
    lastEffect(changes, sector, pattern.sector(sector), sizeSeen),
  )
  changes.forEach((change, index) => {
    const [start, end] = span(change, bytes.length)
    for (let from = start; from < end; from = nextSector(from)) {
      const seen = reached[sectorOf(from)]!
      if (seen <= index) continue
      const to = Math.min(nextSector(from), end)
      const torn = options.tearSectors && pattern.tears && seen === index + 1 && randomBelow(random, 2) === 0
      const cut = torn ? from + randomBelow(random, to - from + 1) : to
      if (change.kind === 'write') bytes.set(change.bytes.subarray(from - start, cut - start), from)
      else bytes.fill(0, from, to)
    }
  })
  return bytes.slice(0, sizes[sizeSeen])
}

/** The size after none of the changes, after the first, and so on. */
function sizesOf(durableSize: number, changes: readonly PendingChange[]): number[] {
  const sizes = [durableSize]
  for (const change of changes) sizes.push(sizeAfter(sizes.at(-1)!, change))
  return sizes
}

/**
 * A sector's point without the changes at its end that leave no trace in it: writes elsewhere, and truncations that the
 * size has not seen. To truncate is to change the size: without that no byte is lost.
 */
function lastEffect(changes: readonly PendingChange[], sector: number, point: number, sizeSeen: number): number {
  for (let seen = point; seen > 0; seen--) {
    const change = changes[seen - 1]!
    if (change.kind === 'truncate' ? sizeSeen >= seen : touches(change, sector)) return seen
  }
  return 0
}

function touches(change: PendingChange, sector: number): boolean {
  const [start, end] = span(change, Infinity)
  return sector >= sectorOf(start) && sector * sectorSize < end
}

/** The bytes that a change touches: a truncation makes what lies behind it zero. */
function span(change: PendingChange, size: number): readonly [start: number, end: number] {
  return change.kind === 'write' ? [change.position, change.position + change.bytes.length] : [change.size, size]
}

interface Pattern {
  /** How many of the changes this sector has seen. */
  readonly sector: (sector: number) => number
  /** How many of the changes the size has seen. */
  readonly size: () => number
  /** Whether the last change that a sector has seen may stop inside it. */
  readonly tears: boolean
}

function drawPattern(changes: readonly PendingChange[], random: Random): Pattern {
  const count = changes.length
  const point = 1 + randomBelow(random, count)
  const all = (changes: number) => () => changes
  const aroundPoint = (): number => point - randomBelow(random, 2)
  const overtaken = (sector: number): number => (touches(changes[point - 1]!, sector) ? point : 0)
  const any = (): number => randomBelow(random, count + 1)
  const patterns: readonly Pattern[] = [
    { sector: all(0), size: all(0), tears: false },
    { sector: all(count), size: all(count), tears: false },
    { sector: all(point), size: all(point), tears: true },
    { sector: overtaken, size: all(point), tears: false },
    { sector: aroundPoint, size: aroundPoint, tears: true },
    { sector: any, size: any, tears: true },
  ]
  return randomItem(random, patterns)
}

function sectorOf(position: number): number {
  return Math.floor(position / sectorSize)
}

function nextSector(position: number): number {
  return (sectorOf(position) + 1) * sectorSize
}
