import { createHash } from 'node:crypto'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
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

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/**
 * Milliseconds of processor time of one run: each is so short that whatever else a machine does decides over its elapsed time.
 * The garbage of the subject before was collected; a first run of the same, which does not count, lets the engine have the
 * space for young objects again that a collection on demand takes from it, as it has in a process that just goes on.
 */
export async function timed<Answer>(
  work: () => Answer | Promise<Answer>,
): Promise<{ readonly value: number; readonly answer: Answer }> {
  collectGarbage()
  await work()
  // Threads still sweep what was collected: that is not the work of this run.
  await new Promise((resolve) => setTimeout(resolve, 30))
  const before = process.cpuUsage()
  const answer = await work()
  const { user, system } = process.cpuUsage(before)
  return { value: (user + system) / 1000, answer }
}

/** The digest of an answer. */
export function digestOf(lines: Iterable<string>): string {
  const hash = createHash('sha256')
  for (const line of lines) hash.update(`${line}\n`)
  return hash.digest('hex')
}
