import { ExprsnError } from '@exprsn/core'
import { emptyManifest, type Manifest, type SegmentEntry } from '../files/manifest.ts'
import type { SegmentFiles } from '../files/segment-files.ts'
import type { SegmentOrigin } from '../segment/layout.ts'
import { salvageSegment } from '../segment/open-segment.ts'
import { summaryOf } from '../segment/segment-builder.ts'

/** A manifest made of what segments say, and the segments that say nothing any more. */
export interface RebuiltManifest {
  readonly manifest: Manifest
  readonly damaged: readonly string[]
}

interface FoundSegment {
  readonly entry: SegmentEntry
  readonly origin: SegmentOrigin | undefined
}

/** The form of a segment's name; numbers ascend with time. */
const segmentName = /^(\d{10})\.(?:seg|gone)$/

/** A segment without lines, which only says that others are not needed any more. No manifest names it. */
export function isTombstone(name: string): boolean {
  return name.endsWith('.gone')
}

/**
 * Makes the list of segments anew. Each segment says what it stands for: where all parts of a rewriting are there, what they
 * replace is not needed; where one is missing, the rewriting never ended and its parts are left out. How far the log and
 * other sources had come stands in the segment that was written last.
 *
 * @throws `LOGS_STORE_SEGMENT_VERSION`, and errors of reading
 */
export async function rebuildManifest(files: SegmentFiles): Promise<RebuiltManifest> {
  const names = (await files.list()).filter((name) => segmentName.test(name)).sort()
  const found = new Map<string, FoundSegment>()
  const damaged: string[] = []
  for (const name of names) {
    const segment = await read(files, name)
    if (segment === undefined) damaged.push(name)
    else found.set(name, segment)
  }
  const unneeded = unneededOf(found)
  const kept = [...found.values()].filter(({ entry }) => !unneeded.has(entry.name) && !isTombstone(entry.name))
  const last = [...found.values()].findLast(({ origin }) => origin !== undefined)?.origin
  const lastNumber = names.length === 0 ? 0 : Number(segmentName.exec(names.at(-1)!)![1])
  return {
    damaged,
    manifest: {
      ...emptyManifest,
      segments: kept.map(({ entry }) => entry),
      nextSequence: 1 + [...found.values()].reduce((most, { entry }) => Math.max(most, entry.maxSequence), 0),
      nextSegment: lastNumber + 1,
      walFrom: last?.walFrom ?? emptyManifest.walFrom,
      places: last?.places ?? {},
      handedOver: last?.handedOver ?? [],
    },
  }
}

/** What a segment says; undefined where it is damaged. */
async function read(files: SegmentFiles, name: string): Promise<FoundSegment | undefined> {
  const file = await files.open(name)
  try {
    const { layout } = await salvageSegment(file)
    return { entry: { name, bytes: file.size, ...summaryOf(layout.blocks) }, origin: layout.origin }
  } catch (error) {
    if (ExprsnError.is(error) && error.code === 'LOGS_STORE_SEGMENT_DAMAGED') return undefined
    throw error
  } finally {
    await file.close()
  }
}

function unneededOf(found: ReadonlyMap<string, FoundSegment>): Set<string> {
  const groups = new Map<string, FoundSegment[]>()
  for (const segment of found.values()) {
    const group = segment.origin?.replaces?.group
    if (group !== undefined) groups.set(group, [...(groups.get(group) ?? []), segment])
  }
  const replaced = new Set<string>()
  /** The last that replaced a segment: others never became part of the store. */
  const lastOf = new Map<string, string>()
  for (const [group, parts] of groups) {
    if (!isWhole(parts)) continue
    for (const name of parts[0]!.origin!.replaces!.names) {
      replaced.add(name)
      if (group > (lastOf.get(name) ?? '')) lastOf.set(name, group)
    }
  }
  const unneeded = new Set(replaced)
  for (const parts of groups.values()) {
    const { names } = parts[0]!.origin!.replaces!
    // What was replaced goes only when all parts are there: where it is gone, a part has gone or was lost since.
    const neverEnded = !isWhole(parts) && names.every((name) => found.has(name) || replaced.has(name))
    const wasRepeated = names.some((name) => lastOf.has(name) && lastOf.get(name)! > parts[0]!.origin!.replaces!.group)
    if (neverEnded || wasRepeated) for (const { entry } of parts) unneeded.add(entry.name)
  }
  return unneeded
}

function isWhole(parts: readonly FoundSegment[]): boolean {
  const places = parts.map(({ origin }) => origin!.replaces!)
  return places.every(({ part }, index) => part === index + 1) && places.at(-1)!.isLast
}
