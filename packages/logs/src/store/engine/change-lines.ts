import { countRows } from '../segment/bits.ts'
import type { SegmentEntry } from '../files/manifest.ts'
import type { CompiledFilter } from '../query/compile-filter.ts'
import { matchingRows, type BlockRows } from '../query/matching-rows.ts'
import type { ScanContext } from '../query/scan-context.ts'
import type { Searchable } from '../segment/searchable.ts'
import { intoSegments, linesOf, readableLinesOf, type MadeSegment, type StoredLine } from './rewrite.ts'
import type { StoreCore } from './store-core.ts'

/** Opens a segment by name. */
type Opener = (name: string) => Promise<Searchable>

/** Rewrites the segments that hold lines that match, without these. Returns how many there were. In turn. */
export async function deleteLines(core: StoreCore, filter: CompiledFilter, context: ScanContext): Promise<number> {
  await core.adopt()
  // What is in memory stands in the log as well: as a segment it can be rewritten like all others.
  await core.seal()
  const count = await core.withSnapshot('oldest', async ({ targets }) => {
    const rows = await matchingRows(filter, targets, context)
    const changed = core.manifest.segments.filter(({ name }) => rows.has(name))
    if (changed.length === 0) return 0
    await core.rewrite(changed, remaining(changed, openerOf(targets), rows))
    let rowCount = 0
    for (const blocks of rows.values()) for (const bits of blocks.values()) rowCount += countRows(bits)
    return rowCount
  })
  await core.catalog.settleRemovals()
  return count
}

/** Keeps what can be read of damaged segments. Returns how many lines were lost. In turn. */
export function repairSegments(core: StoreCore, damaged: readonly string[]): Promise<number> {
  return core.withSnapshot('oldest', async () => {
    const broken = core.manifest.segments.filter(({ name }) => damaged.includes(name))
    if (broken.length === 0) return 0
    const replaces = broken.map(({ name }) => name)
    const made = await core.rewrite(broken, intoSegments(readable(core, broken), { mostDays: 1, replaces }))
    return rowsOf(broken) - rowsOf(made)
  })
}

function openerOf(targets: readonly { readonly name: string; open(): Promise<Searchable> }[]): Opener {
  return (name) => targets.find((each) => each.name === name)!.open()
}

async function* remaining(
  segments: readonly SegmentEntry[],
  open: Opener,
  rows: ReadonlyMap<string, BlockRows>,
): AsyncGenerator<MadeSegment> {
  // A segment each: two that are far apart in time must not become one.
  for (const { name } of segments)
    yield* intoSegments(linesOf(await open(name), rows.get(name)), { mostDays: 1, replaces: [name] })
}

/** What can be read of segments, some of which cannot even be opened. */
async function* readable(core: StoreCore, segments: readonly SegmentEntry[]): AsyncGenerator<StoredLine> {
  for (const { name } of segments) {
    const opened = await core.catalog.salvage(name).catch(() => undefined)
    if (opened === undefined) continue
    try {
      yield* readableLinesOf(opened.segment)
    } finally {
      await opened.file.close()
    }
  }
}

function rowsOf(segments: readonly SegmentEntry[]): number {
  return segments.reduce((sum, { rows }) => sum + rows, 0)
}
