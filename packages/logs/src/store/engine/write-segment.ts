import type { SegmentEntry } from '../files/manifest.ts'
import type { SegmentFiles } from '../files/segment-files.ts'
import type { FormLayout, SegmentOrigin } from '../segment/layout.ts'
import type { SegmentBuilder, SegmentSummary } from '../segment/segment-builder.ts'

/** Makes a segment durable under a name that is free. */
export async function writeSegment(
  files: SegmentFiles,
  name: string,
  builder: SegmentBuilder,
  origin: SegmentOrigin,
  forms: readonly (readonly FormLayout[] | undefined)[] = [],
): Promise<SegmentEntry> {
  let summary: SegmentSummary | undefined
  const pieces = (function* () {
    summary = yield* builder.finish(origin, forms)
  })()
  const bytes = await files.write(name, pieces)
  return { name, bytes, ...summary! }
}
