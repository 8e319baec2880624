import { ours, type Benchmark, type Peer } from '../../../../scripts/bench/benchmark.ts'
import { decodeOurs, type DecodeFrames } from './decode-frames.ts'
import { digestOf, timed } from './sample-archive.ts'
import { sampleFrames } from './sample-stream.ts'

/** Commits of the event stream decoded, each frame by itself. */
export function compareFrames(
  name: string,
  target: number,
  peers: readonly (readonly [Peer, DecodeFrames])[],
): Benchmark {
  return {
    name,
    unit: 'ms',
    measure: 'cpu',
    better: 'lower',
    target,
    peers: peers.map(([peer]) => peer),
    async prepare({ quick }) {
      const frames = sampleFrames(quick ? 500 : 2000)
      const subjects = new Map([[ours, decodeOurs], ...peers.map(([peer, decode]) => [peer.name, decode] as const)])
      return {
        async run(subject) {
          const { value, answer } = await timed(() => subjects.get(subject)!(frames))
          return { value, hash: digestOf(answer) }
        },
        async close() {},
      }
    },
  }
}
