import type { ConformanceCase } from '@exprsn/core/testing'
import type { PdsSubject } from './contract/pds-subject.ts'
import { readCases } from './contract/read-cases.ts'
import { streamCases } from './contract/stream-cases.ts'
import { writeCases } from './contract/write-cases.ts'

/**
 * What a PDS does, as far as the packages here rely on it: the same cases hold the fake and the official server. Each makes
 * an account of its own.
 *
 * @example
 * ```ts
 * import { createFakePds, pdsContract } from '@exprsn/atproto/testing'
 *
 * await using pds = createFakePds()
 * await pds.start()
 * for (const { name, run } of pdsContract.slice(0, 2)) {
 *   await run({ url: pds.url, plcUrl: pds.plcUrl, rateLimits: false })
 *   console.log('ok:', name)
 * }
 * ```
 */
export const pdsContract: readonly ConformanceCase<PdsSubject>[] = [...writeCases, ...readCases, ...streamCases]
