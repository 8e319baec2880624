import { sleep } from '@exprsn/core'
import type { Currencies } from './currencies.ts'
import { addTotals, gatherRows, type Gathered, type RowRange, type RowTotals } from './gather-rows.ts'
import { addPairs, noneJoined, PartJoiner, type Joined } from './join-part.ts'
import type { JoinThreads, ThreadSource } from './join-threads.ts'
import type { OpenMovements } from './open-movements.ts'
import { Turns } from './turns.ts'

/** Bytes of memory that matching by name takes for each byte of the files, about. */
export const joinFactor = 1

/** Bytes of ours in a part: its table is then held by a processor's cache. */
const partBytes = 786_432
const mostParts = 4_096
/** After so many parts others have their turn in this thread. */
const partsPerTurn = 8

/** How {@link joinFiles} works. */
export interface JoinOptions {
  readonly currencies: Currencies
  readonly totals: RowTotals
  /** Help; undefined to do all in this thread. */
  readonly threads: JoinThreads | undefined
  /** Bytes of a range that a thread takes at once. @default 4 MiB */
  readonly rangeBytes?: number | undefined
  readonly signal: AbortSignal | undefined
  readonly onBytes: (count: number) => void
}

/** What names decided, and the places of all other rows, ascending. */
export interface FilesJoined {
  readonly pairs: Joined['pairs']
  readonly left: Float64Array
  readonly right: Float64Array
}

/** Finds what names alone decide in two files; see {@link PartJoiner}. */
export async function joinFiles(left: OpenMovements, right: OpenMovements, options: JoinOptions): Promise<FilesJoined> {
  const parts = partsFor(left.size)
  const gathered = (await gatherTogether(left, right, parts, options)) ?? [
    await gatherAlone(left, right, parts, options),
  ]
  for (const { totals } of gathered) addTotals(options.totals, totals)
  const joined = (await joinTogether(gathered, parts, options)) ?? [await joinAlone(gathered, parts, options)]
  const pairs: Joined['pairs'] = new Map()
  for (const each of joined) addPairs(pairs, each.pairs)
  const places = (side: 'left' | 'right'): Float64Array =>
    Float64Array.from(
      [...joined.map((each) => each[side]), ...gathered.map((each) => each.nameless[side])].flat(),
    ).sort()
  return { pairs, left: places('left'), right: places('right') }
}

/** Reads in threads and here. Undefined when it must be done by one: a row goes over the border of a range, or is wrong. */
async function gatherTogether(
  left: OpenMovements,
  right: OpenMovements,
  parts: number,
  { threads, rangeBytes = 4_194_304, currencies, signal, onBytes }: JoinOptions,
): Promise<readonly Gathered[] | undefined> {
  if (threads === undefined) return undefined
  const ranges = [...rangesOf(left, 'left', rangeBytes), ...rangesOf(right, 'right', rangeBytes)]
  const turns = new Turns(ranges.length)
  const sources = { left: await threadSource(left), right: await threadSource(right) }
  const helping = threads.gather({ ...sources, ranges, turns: turns.memory, parts }, signal)
  let told = 0
  const tell = (count: number): void => {
    told += count
    onBytes(count)
  }
  const own = gatherRows({
    ...{ left, right, ranges, parts, currencies, signal, take: () => turns.take() },
    onBytes: (count) => tell(count + turns.told() * 1_024),
  })
  const done = await Promise.all([own.catch(() => turns.stop()), ...helping])
  signal?.throwIfAborted()
  const gathered = done.filter((each) => each !== undefined)
  if (!isWhole(gathered, ranges, { left, right })) return undefined
  tell(left.size - left.start + right.size - right.start - told)
  return gathered
}

/** The plain way, with the same result. */
async function gatherAlone(
  left: OpenMovements,
  right: OpenMovements,
  parts: number,
  { currencies, signal, onBytes }: JoinOptions,
): Promise<Gathered> {
  const ranges = [...rangesOf(left, 'left'), ...rangesOf(right, 'right')]
  const turns = new Turns(ranges.length)
  return gatherRows({ left, right, ranges, parts, currencies, signal, onBytes, take: () => turns.take() })
}

/**
 * Whether each range begins where the one before it ended. As the first of a file begins with a row, all do, and no line feed
 * in quotes was taken for the end of one.
 */
function isWhole(
  gathered: readonly Gathered[],
  ranges: readonly RowRange[],
  sources: Readonly<Record<'left' | 'right', OpenMovements>>,
): boolean {
  const ends = gathered.flatMap((each) => each.ends).toSorted((a, b) => a.range - b.range)
  if (ends.length !== ranges.length) return false
  return ends.every(({ first, next }, at) => {
    const { side } = ranges[at]!
    const isFirst = ranges[at - 1]?.side !== side
    const isLast = ranges[at + 1]?.side !== side
    return (isFirst || first === ends[at - 1]!.next) && (!isLast || next === sources[side].size)
  })
}

async function joinTogether(
  gathered: readonly Gathered[],
  parts: number,
  { threads, signal }: JoinOptions,
): Promise<readonly Joined[] | undefined> {
  if (threads === undefined || gathered.length === 1) return undefined
  const turns = new Turns(parts)
  const lists = { left: gathered.map(({ left }) => left), right: gathered.map(({ right }) => right) }
  const plain = ({ slabs, chunks, counts }: Gathered['left']): Gathered['left'] => ({ slabs, chunks, counts })
  const task = { left: lists.left.map(plain), right: lists.right.map(plain), turns: turns.memory, parts }
  const helping = threads.join(task, signal)
  const own = await joinTurns(gathered, turns, signal)
  const done = [own, ...(await Promise.all(helping))].filter((each) => each !== undefined)
  signal?.throwIfAborted()
  // A thread that died has taken its parts with it.
  return done.reduce((sum, each) => sum + each.done, 0) === parts ? done.map(({ joined }) => joined) : undefined
}

async function joinAlone(gathered: readonly Gathered[], parts: number, { signal }: JoinOptions): Promise<Joined> {
  return (await joinTurns(gathered, new Turns(parts), signal)).joined
}

async function joinTurns(gathered: readonly Gathered[], turns: Turns, signal: AbortSignal | undefined) {
  const joiner = new PartJoiner(
    gathered.map(({ left }) => left),
    gathered.map(({ right }) => right),
  )
  const joined = noneJoined()
  let done = 0
  for (let part = turns.take(); part !== undefined; part = turns.take()) {
    joiner.join(part, joined)
    if (++done % partsPerTurn > 0) continue
    await sleep(0)
    signal?.throwIfAborted()
  }
  return { done, joined }
}

function rangesOf({ start, size }: OpenMovements, side: RowRange['side'], bytes: number = size): RowRange[] {
  const ranges: RowRange[] = []
  for (let from = start; from < size; from += bytes)
    ranges.push({ side, start: from, until: Math.min(from + bytes, size) })
  return ranges
}

/** What another thread needs to open a file. */
export async function threadSource({ file, ...source }: OpenMovements): Promise<ThreadSource> {
  const { device, inode, modifiedAt } = await file.stat()
  return { ...source, path: file.path, stat: { device, inode, modifiedAt } }
}

function partsFor(bytes: number): number {
  let parts = 1
  while (parts < mostParts && bytes / parts > partBytes) parts *= 2
  return parts
}
