import { npmPeer } from '../core/resilience/compare-calls.ts'
import { compareFrames } from './repositories/compare-frames.ts'
import { decodeAtcute, decodeOfficial } from './repositories/decode-frames.ts'

/** Frame, CAR, every CID and the records: all sides check the same hashes. Against the official one the aim is 5. */
export const benchmark = compareFrames('atproto/firehose-decode', 1.5, [
  [npmPeer('@atproto/repo'), decodeOfficial],
  [{ ...npmPeer('@atcute/car'), name: '@atcute/car + @atcute/cid' }, decodeAtcute(true)],
])
