import type { Clock } from '@exprsn/core'
import type { SegmentEntry } from '../../files/manifest.ts'
import type { OpenFile, SegmentFiles } from '../../files/segment-files.ts'
import { blockForms } from '../../query/block-forms.ts'
import { HeadView } from '../../segment/head-view.ts'
import type { SegmentOrigin } from '../../segment/layout.ts'
import { openSegment } from '../../segment/open-segment.ts'
import { intoSegments } from '../rewrite.ts'
import { orderedLines } from './ordered-lines.ts'
import { writeSegment } from '../write-segment.ts'

/** Segments that become others. */
export interface CompactionJob {
  readonly names: readonly string[]
  /** Of the segments that are made, one after the other. */
  readonly newNames: readonly string[]
  /** What the store says meanwhile. */
  readonly state: Pick<SegmentOrigin, 'walFrom' | 'places' | 'handedOver'>
}

/**
 * Makes of segments as few as possible, with their lines in the order of time, one for each day as far as there are names. The
 * old ones stay.
 */
export async function compactFiles(
  files: SegmentFiles,
  { names, newNames, state }: CompactionJob,
  clock: Clock,
): Promise<SegmentEntry[]> {
  const opened: OpenFile[] = []
  try {
    const segments = []
    for (const name of names) {
      const file = await files.open(name)
      opened.push(file)
      segments.push(await openSegment(file))
    }
    const made: SegmentEntry[] = []
    // Whatever is full before its day ends takes a name as well.
    const mostDays = newNames.length / 2
    for await (const { builder, isLast } of intoSegments(orderedLines(segments), { mostDays, replaces: names })) {
      const [group, part] = [newNames[0]!, made.length + 1]
      const origin = { ...state, replaces: { names, group, part, isLast } }
      const forms = await blockForms(new HeadView(builder))
      made.push(await writeSegment(files, newNames[made.length]!, builder, origin, clock, forms))
    }
    return made
  } finally {
    for (const file of opened) await file.close()
  }
}
