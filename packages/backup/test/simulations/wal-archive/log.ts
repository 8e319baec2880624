import { commit, logSwitch, makeWal } from '../../make-wal.ts'

/** Segments of the simulated log. */
const segmentCount = 12
/** Bytes per segment: the smallest that PostgreSQL knows. */
export const segmentSize = 1 << 20

/** Time of the commit in a segment, in microseconds since 2000. */
export const commitTime = (index: number): bigint => BigInt(index + 1) * 60_000_000n

/** A log with one commit per segment, each ended by a switch; made once, for it is the same in every seed. */
const log = makeWal({
  segmentSize,
  records: Array.from({ length: segmentCount }, (_, index) => [commit(index + 3, commitTime(index)), logSwitch]).flat(),
})

/** Whole segments in order. */
export const segments: readonly { readonly name: string; readonly bytes: Uint8Array }[] = [...log.files].map(
  ([name, bytes]) => ({ name, bytes }),
)
