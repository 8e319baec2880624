import { createHash } from 'node:crypto'
import { formatTid, type DataObject } from '@exprsn/atproto/codec'
import { importSigningKey } from '@exprsn/atproto/crypto'
import { createRepoArchive } from '@exprsn/atproto/repo'

/** The account of the archive, and its key. */
export const did = 'did:plc:abcdefghijklmnopqrstuvwx'
export const key = importSigningKey('k256', new Uint8Array(32).fill(7))

const collections = ['app.bsky.feed.post', 'app.bsky.feed.like', 'app.bsky.graph.follow']

/** Records as an account has them: short, with some text beyond ASCII. */
export function sampleRecords(count: number): Record<string, DataObject> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, number) => {
      const collection = collections[number % 3]!
      const rkey = formatTid({ microseconds: 1_700_000_000_000_000 + number * 977_000_000, clockId: number % 1024 })
      const record = { $type: collection, text: `record ${number} – ünïcode`, number, langs: ['en'] }
      return [`${collection}/${rkey}`, record] as const
    }),
  )
}

/** A repository of so many records as a CAR. */
export function sampleArchive(count: number): Uint8Array {
  return createRepoArchive({ did, key, records: sampleRecords(count) })
}

/** Runs once, after the garbage of the subject before was collected where the runtime allows it. */
export async function timed<Answer>(
  work: () => Answer | Promise<Answer>,
): Promise<{ readonly value: number; readonly answer: Answer }> {
  globalThis.gc?.()
  const began = performance.now()
  const answer = await work()
  return { value: performance.now() - began, answer }
}

/** The digest of an answer. */
export function digestOf(lines: Iterable<string>): string {
  const hash = createHash('sha256')
  for (const line of lines) hash.update(`${line}\n`)
  return hash.digest('hex')
}
