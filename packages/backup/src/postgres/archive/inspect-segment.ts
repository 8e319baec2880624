import { createRecordDecoder, type RecordDecoder, type WalStop } from '../../wal/record-decoder.ts'
import { transactionEnd } from '../../wal/record-meaning.ts'
import type { StoredSegment } from '../../wal/scan-wal.ts'
import type { SegmentFacts } from './segment-facts.ts'

/** What was found in a segment, and where it is damaged. */
export interface InspectedSegment extends SegmentFacts {
  /** A whole segment ends with what is no record. A partial one does always. */
  readonly damage: WalStop | undefined
}

/** Reads segments one after another; records may go on from one into the next. */
export interface SegmentInspector {
  inspect(segment: StoredSegment, bytes: Uint8Array): InspectedSegment
}

/** Checks every record of segments that come in order; one that does not follow on the last is read from its beginning. */
export function segmentInspector(segmentSize: number): SegmentInspector {
  let next: { readonly timeline: number; readonly start: bigint; readonly decoder: RecordDecoder } | undefined

  return {
    inspect({ timeline, start, partial }, bytes) {
      const follows = next !== undefined && next.timeline === timeline && next.start === start && !partial
      const decoder = follows ? next!.decoder : createRecordDecoder({ start, segmentSize })
      let lastCommit: bigint | undefined
      for (const record of decoder.segment(start, bytes)) {
        const time = transactionEnd(record)?.time
        if (time !== undefined && (lastCommit === undefined || time > lastCommit)) lastCommit = time
      }
      const whole = start + BigInt(segmentSize)
      const stop = decoder.stopped()
      if (partial) return { end: decoder.end() > start ? decoder.end() : start, lastCommit, damage: undefined }
      next = stop === undefined ? { timeline, start: whole, decoder } : undefined
      return { end: stop === undefined ? whole : decoder.end(), lastCommit, damage: stop }
    },
  }
}
