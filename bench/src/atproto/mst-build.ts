import { MemoryBlockstore, MST } from '@atproto/repo'
import { cidOf, encodeCbor } from '@exprsn/atproto/codec'
import { buildMst } from '@exprsn/atproto/repo'
import { CID } from 'multiformats/cid'
import { ours, type Benchmark } from '../../../scripts/bench/benchmark.ts'
import { npmPeer } from '../core/resilience/compare-calls.ts'
import { digestOf, sampleRecords, timed } from './repositories/sample-archive.ts'

const warmUpRounds = 30
const warmUpRecords = 500

/** The tree of 5,000 records: ours in one pass, the peer record by record, which is its only way. */
export const benchmark: Benchmark = {
  name: 'atproto/mst-build',
  unit: 'ms',
  measure: 'cpu',
  better: 'lower',
  target: 12,
  peers: [npmPeer('@atproto/repo')],
  async prepare() {
    const entries = Object.entries(sampleRecords(5000)).map(
      ([path, record]) => [path, cidOf('dag-cbor', encodeCbor(record))] as const,
    )
    const official = entries.map(([path, cid]) => [path, CID.parse(cid.toString())] as const)
    const build = async (subject: string, count: number): Promise<string> => {
      if (subject === ours) return buildMst(entries.slice(0, count)).root.toString()
      let tree = await MST.create(new MemoryBlockstore())
      for (const [path, cid] of official.slice(0, count)) tree = await tree.add(path, cid)
      return (await tree.getPointer()).toString()
    }
    // Both compiled before they are measured: one round alone is a few milliseconds of ours.
    for (const subject of [ours, '@atproto/repo'])
      for (let round = 0; round < warmUpRounds; round++) await build(subject, warmUpRecords)
    return {
      async run(subject) {
        const { value, answer } = await timed(() => build(subject, entries.length))
        return { value, hash: digestOf([answer]) }
      },
      async close() {},
    }
  },
}
