import type { Clock } from '@exprsn/core'
import type { SegmentEntry } from '../files/manifest.ts'
import type { SegmentFiles } from '../files/segment-files.ts'
import type { FormLayout, SegmentOrigin } from '../segment/layout.ts'
import type { SegmentBuilder, SegmentSummary } from '../segment/segment-builder.ts'
import { Pacer } from '../pacer.ts'

/** Makes a segment durable under a name that is free. The clock tells when others should have their turn. */
export async function writeSegment(
  files: SegmentFiles,
  name: string,
  builder: SegmentBuilder,
  origin: SegmentOrigin,
  clock: Clock,
  forms: readonly (readonly FormLayout[] | undefined)[] = [],
): Promise<SegmentEntry> {
  let summary: SegmentSummary | undefined
  const pacer = new Pacer(clock)
  const pieces = (async function* () {
    const all = builder.finish(origin, forms)
    for (;;) {
      const next = all.next()
      if (next.done === true) {
        summary = next.value
        return
      }
      await pacer.pause()
      if (next.value !== undefined) yield next.value
    }
  })()
  const bytes = await files.write(name, pieces)
  return { name, bytes, ...summary! }
}
