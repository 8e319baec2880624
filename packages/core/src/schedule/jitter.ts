import { milliseconds, type Duration } from '../duration/duration.ts'

/** A jitter option in whole milliseconds. */
export function jitterMilliseconds(jitter: Duration | undefined): number {
  return jitter === undefined ? 0 : Math.floor(milliseconds(jitter))
}

/**
 * How much later than its slot a job runs: a part of the jitter that its id alone decides, so that every replica agrees
 * and the job runs at even intervals. FNV-1a of 32 bits, mixed once more (the finaliser of MurmurHash3), since ids often
 * differ only in their last character.
 *
 * @returns Milliseconds from 0 up to, not including, `jitter`.
 */
export function jitterDelay(id: string, jitter: number): number {
  let hash = 0x811c_9dc5
  for (let index = 0; index < id.length; index++) hash = Math.imul(hash ^ id.charCodeAt(index), 0x0100_0193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35)
  return Math.floor((((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32) * jitter)
}
