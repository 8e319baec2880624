import { fromUint8Array } from '@atcute/repo'
import { verifyRepoCar } from '@atproto/repo'
import { verifyRepo } from '@exprsn/atproto/repo'
import { ours, type Benchmark } from '../../../scripts/bench/benchmark.ts'
import { npmPeer } from '../core/resilience/compare-calls.ts'
import { did, digestOf, key, sampleArchive, timed } from './repositories/sample-archive.ts'

/** What was read, written down after the clock has stopped. */
type Lines = () => string[]

/**
 * A whole repository verified, each record decoded. The official reader checks neither the layer nor the order of keys;
 * @atcute/repo checks no hash and no signature.
 */
const subjects: Readonly<Record<string, (car: Uint8Array) => Promise<Lines> | Lines>> = {
  [ours]: (car) => {
    const records = [...verifyRepo(car, { did, signingKey: key.didKey }).records()]
    return () => records.map(({ path, cid }) => `${path} ${cid.toString()}`)
  },
  '@atproto/repo': async (car) => {
    const { creates } = await verifyRepoCar(car, did, key.didKey)
    return () => creates.map(({ collection, rkey, cid }) => `${collection}/${rkey} ${cid.toString()}`)
  },
  '@atcute/repo': (car) => {
    const entries = Array.from(fromUint8Array(car), (entry) => {
      if (entry.record === undefined) throw new Error('a record is missing')
      return entry
    })
    return () => entries.map(({ collection, rkey, cid }) => `${collection}/${rkey} ${cid.$link}`)
  },
}

const warmUpRounds = 30
const warmUpRecords = 1000

/** One repository, of 20,000 records when thorough. The target is that of the peer that checks less. */
export const benchmark: Benchmark = {
  name: 'atproto/verify-repo',
  unit: 'ms',
  measure: 'cpu',
  better: 'lower',
  target: 1.2,
  peers: [npmPeer('@atproto/repo'), npmPeer('@atcute/repo')],
  async prepare({ quick }) {
    const car = sampleArchive(quick ? 5000 : 20_000)
    // All compiled before they are measured: in a process that stays, the first repositories do not count.
    const small = sampleArchive(warmUpRecords)
    for (const verify of Object.values(subjects))
      for (let round = 0; round < warmUpRounds; round++) (await verify(small))()
    return {
      async run(subject) {
        const { value, answer } = await timed(() => subjects[subject]!(car))
        return { value, hash: digestOf(answer().toSorted()) }
      },
      async close() {},
    }
  },
}
