import { verifySignature as officialVerify } from '@atproto/crypto'
import type { Curve } from '@exprsn/atproto/codec'
import { createSigningKey, verifySignature } from '@exprsn/atproto/crypto'
import { ours, type Benchmark } from '../../../../scripts/bench/benchmark.ts'
import { npmPeer } from '../../core/resilience/compare-calls.ts'
import { digestOf, timed } from './sample-archive.ts'

const signatures = 100

/** Signatures of one key verified one after another; one in ten is wrong. */
export function compareVerify(name: string, curve: Curve, target: number): Benchmark {
  return {
    name,
    unit: 'ms',
    measure: 'cpu',
    better: 'lower',
    target,
    peers: [npmPeer('@atproto/crypto')],
    async prepare() {
      const key = createSigningKey(curve)
      const signed = Array.from({ length: signatures }, (_, number) => {
        const message = Buffer.from(`message ${number}`)
        return { message, signature: key.sign(number % 10 === 0 ? Buffer.from('another') : message) }
      })
      const verify = (subject: string) => (subject === ours ? verifySignature : officialVerify)
      return {
        async run(subject) {
          const { value, answer } = await timed(async () => {
            const results: boolean[] = []
            for (const { message, signature } of signed)
              results.push(await verify(subject)(key.didKey, message, signature))
            return results
          })
          return { value, hash: digestOf(answer.map(String)) }
        },
        async close() {},
      }
    },
  }
}
