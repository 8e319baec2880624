import type { Currencies } from './currencies.ts'
import { gatherRows, type Gathered, type RowRange } from './gather-rows.ts'
import { addPairs, type Joined } from './join-part.ts'
import { joinShare } from './join-share.ts'
import type { JoinTask, JoinThreads, ThreadSource } from './join-threads.ts'
import type { OpenMovements } from './open-movements.ts'
import { addTotals, type RowTotals } from './row-totals.ts'
import { plainTuples } from './row-tuples.ts'
import { mostStages, RowsKernel } from './rows-kernel.ts'
import { Turns } from './turns.ts'

/** Bytes of memory that matching by name takes for each byte of the files, about. */
export const joinFactor = 1

/** Bytes of ours in a part: its table is then held by a processor's cache. */
const partBytes = 786_432

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

/** Finds what names alone decide in two files; see `PartJoiner`. */
export async function joinFiles(left: OpenMovements, right: OpenMovements, options: JoinOptions): Promise<FilesJoined> {
  const { gathered, joined } = (await decideTogether(left, right, options)) ?? (await decideAlone(left, right, options))
  for (const { totals } of gathered) addTotals(options.totals, totals)
  const pairs: Joined['pairs'] = new Map()
  for (const each of joined) addPairs(pairs, each.pairs)
  const places = (side: 'left' | 'right'): Float64Array =>
    sorted([...joined.map((each) => each[side]), ...gathered.map((each) => each.nameless[side])])
  return { pairs, left: places('left'), right: places('right') }
}

/** Numbers of all lists, ascending. */
function sorted(lists: readonly (readonly number[])[]): Float64Array {
  const all = new Float64Array(lists.reduce((sum, { length }) => sum + length, 0))
  let to = 0
  for (const list of lists) {
    all.set(list, to)
    to += list.length
  }
  return all.sort()
}

interface Decided {
  readonly gathered: readonly Gathered[]
  readonly joined: readonly Joined[]
}

/** In threads and here. Undefined when it must be done by one: see `gatherTogether`, or a thread has died with its share. */
async function decideTogether(
  left: OpenMovements,
  right: OpenMovements,
  options: JoinOptions,
): Promise<Decided | undefined> {
  const { threads, signal } = options
  if (threads === undefined) return undefined
  const gathered = await gatherTogether(left, right, threads, options)
  if (gathered === undefined) return undefined
  const share = (at: number): JoinTask => ({
    left: plainTuples(gathered.map((each) => each.left[at]!)),
    right: plainTuples(gathered.map((each) => each.right[at]!)),
  })
  const helping = Array.from({ length: threads.count }, (_, at) => threads.join(share(at + 1), signal))
  const { left: lefts, right: rights } = share(0)
  const joined = await Promise.all([joinShare(lefts, rights, signal), ...helping])
  signal?.throwIfAborted()
  return joined.every((each) => each !== undefined) ? { gathered, joined } : undefined
}

/** The plain way, with the same result. */
async function decideAlone(
  left: OpenMovements,
  right: OpenMovements,
  { currencies, signal, onBytes }: JoinOptions,
): Promise<Decided> {
  const ranges = [...rangesOf(left, 'left'), ...rangesOf(right, 'right')]
  const turns = new Turns(ranges.length)
  const parts = partsFor(left.size, 1)
  const take = (): number | undefined => turns.take()
  const kernel = RowsKernel.create({ parts, shares: 1 })
  const gathered = await gatherRows({
    left,
    right,
    ranges,
    parts,
    shares: 1,
    currencies,
    kernel,
    signal,
    onBytes,
    take,
  })
  return { gathered: [gathered], joined: [await joinShare(gathered.left, gathered.right, signal)] }
}

/** Reads in threads and here. Undefined when it must be done by one: a row goes over the border of a range, or is wrong. */
async function gatherTogether(
  left: OpenMovements,
  right: OpenMovements,
  threads: JoinThreads,
  { rangeBytes = 4_194_304, currencies, signal, onBytes }: JoinOptions,
): Promise<readonly Gathered[] | undefined> {
  const shares = threads.count + 1
  const parts = partsFor(left.size, shares)
  const ranges = [...rangesOf(left, 'left', rangeBytes), ...rangesOf(right, 'right', rangeBytes)]
  const turns = new Turns(ranges.length)
  const sources = { left: await threadSource(left), right: await threadSource(right) }
  const helping = threads.gather({ ...sources, ranges, turns: turns.memory, parts, shares }, signal)
  let told = 0
  const tell = (count: number): void => {
    told += count
    onBytes(count)
  }
  const own = gatherRows({
    ...{ left, right, ranges, parts, shares, currencies, kernel: RowsKernel.create({ parts, shares }), signal },
    take: () => turns.take(),
    onBytes: (count) => tell(count + turns.told() * 1_024),
  })
  const done = await Promise.all([own.catch(() => turns.stop()), ...helping])
  signal?.throwIfAborted()
  const gathered = done.filter((each) => each !== undefined)
  if (!isWhole(gathered, ranges, { left, right })) return undefined
  tell(left.size - left.start + right.size - right.start - told)
  return gathered
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

/** Of each share. */
function partsFor(bytes: number, shares: number): number {
  let parts = 1
  while (2 * parts * shares <= mostStages && bytes / (parts * shares) > partBytes) parts *= 2
  return parts
}
