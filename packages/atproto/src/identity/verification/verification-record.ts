import { systemClock, type Clock } from '@exprsn/core'
import { isDatetime, isDid, isHandle } from '../../syntax/index.ts'
import { identityErrors } from '../errors.ts'

/** The collection of verification records. */
export const verificationCollection = 'app.bsky.graph.verification'

/** A statement of one account about another: this is who it says it is. An AppView decides whose statements it shows. */
export interface VerificationRecord {
  readonly $type: 'app.bsky.graph.verification'
  /** The account that is verified. */
  readonly subject: string
  /** Its handle at that time: with another one the statement does not hold. */
  readonly handle: string
  /** Its name at that time: with another one the statement does not hold. */
  readonly displayName: string
  readonly createdAt: string
}

/** What {@link verificationRecord} makes a record of. */
export interface NewVerification {
  readonly subject: string
  readonly handle: string
  readonly displayName: string
  /** @default now */
  readonly createdAt?: string | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/**
 * Makes a verification record.
 *
 * @throws `ATPROTO_VERIFICATION_INVALID`
 * @example
 * ```ts
 * import { verificationRecord } from '@exprsn/atproto/identity'
 *
 * const record = verificationRecord({ subject: 'did:plc:ewvi7nxzyoun6zhxrhs64oiz', handle: 'atproto.com', displayName: 'AT' })
 * console.log(record.$type, record.handle) // app.bsky.graph.verification atproto.com
 * ```
 */
export function verificationRecord({ clock = systemClock, ...fields }: NewVerification): VerificationRecord {
  const { createdAt = new Date(clock.now()).toISOString() } = fields
  return readVerification({ $type: verificationCollection, ...fields, createdAt })
}

/** Reads a verification record. @throws `ATPROTO_VERIFICATION_INVALID` */
export function readVerification(value: unknown): VerificationRecord {
  const record = (typeof value === 'object' && value !== null ? value : {}) as Readonly<Record<string, unknown>>
  const { $type, subject, handle, displayName, createdAt } = record
  if ($type !== verificationCollection) throw invalid('it is of another type')
  if (typeof subject !== 'string' || !isDid(subject)) throw invalid('its subject is not a DID')
  if (typeof handle !== 'string' || !isHandle(handle)) throw invalid('its handle is none')
  if (typeof displayName !== 'string') throw invalid('it has no displayName')
  if (typeof createdAt !== 'string' || !isDatetime(createdAt)) throw invalid('it has no time')
  return { $type, subject, handle, displayName, createdAt }
}

function invalid(reason: string): Error {
  return identityErrors.ATPROTO_VERIFICATION_INVALID({ reason })
}
