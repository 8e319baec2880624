import { npmPeer } from '../core/resilience/compare-calls.ts'
import { compareFrames } from './repositories/compare-frames.ts'
import { decodeAtcute } from './repositories/decode-frames.ts'

/** The same against a reader that checks no CID, while ours does. */
export const benchmark = compareFrames('atproto/firehose-decode-unchecked', 0.7, [
  [npmPeer('@atcute/car'), decodeAtcute(false)],
])
