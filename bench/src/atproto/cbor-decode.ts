import { decode as officialDecode } from '@atproto/lex-cbor'
import { decodeCbor, encodeCbor } from '@exprsn/atproto/codec'
import { ours, type Benchmark } from '../../../scripts/bench/benchmark.ts'
import { npmPeer } from '../core/resilience/compare-calls.ts'
import { digestOf, sampleRecords, timed } from './repositories/sample-archive.ts'

const passes = 5

const subjects: Readonly<Record<string, (bytes: Uint8Array) => unknown>> = {
  [ours]: (bytes) => decodeCbor(bytes),
  '@atproto/lex-cbor': (bytes) => officialDecode(bytes),
}

/** 10,000 records decoded; ours with every check of the canonical form. */
export const benchmark: Benchmark = {
  name: 'atproto/cbor-decode',
  unit: 'ms',
  measure: 'cpu',
  better: 'lower',
  target: 2,
  peers: [npmPeer('@atproto/lex-cbor')],
  async prepare() {
    const records = Object.values(sampleRecords(10_000)).map((record) => encodeCbor(record))
    return {
      async run(subject) {
        const decode = subjects[subject]!
        const { value, answer } = await timed(() => {
          let decoded: unknown[] = []
          for (let pass = 0; pass < passes; pass++) decoded = records.map(decode)
          return decoded
        })
        return { value: value / passes, hash: digestOf(answer.map((record) => JSON.stringify(record))) }
      },
      async close() {},
    }
  },
}
