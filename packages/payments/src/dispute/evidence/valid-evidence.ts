import { createCardGuard } from '../../gateway/card-guard.ts'
import { evidenceFileKinds, type DisputeEvidence } from '../../gateway/dispute-evidence.ts'
import { isoDate } from '../../statement/civil-date.ts'
import { disputeErrors } from '../errors.ts'

const longestText = 100_000
const fileKinds: ReadonlySet<string> = new Set(evidenceFileKinds)
const texts = [
  'customerName',
  'customerEmail',
  'customerIp',
  'billingAddress',
  'productDescription',
  'accessLog',
  'shippingAddress',
  'shippingCarrier',
  'shippingTracking',
  'refundPolicyDisclosure',
  'refundRefusal',
  'cancellationPolicyDisclosure',
  'cancellationRebuttal',
  'otherCharge',
  'otherChargeExplanation',
  'explanation',
] as const
const dates = ['shippedOn', 'deliveredOn', 'serviceOn'] as const
const known: ReadonlySet<string> = new Set([...texts, ...dates, 'refunds', 'files', 'compelling'])
const guard = createCardGuard()

/**
 * Evidence as it may be kept and sent: known fields, texts of bounded length, days that a calendar has, no card number.
 *
 * @throws `PAYMENTS_DISPUTE_EVIDENCE_INVALID`, `PAYMENTS_CARD_NUMBER_REFUSED`
 */
export function validEvidence(evidence: DisputeEvidence): DisputeEvidence {
  const refuse = (field: string, reason: string) => disputeErrors.PAYMENTS_DISPUTE_EVIDENCE_INVALID({ field, reason })
  if (typeof evidence !== 'object' || evidence === null) throw refuse('evidence', 'is not an object')
  for (const name of Object.keys(evidence)) if (!known.has(name)) throw refuse(name.slice(0, 50), 'is no field of it')
  for (const field of [...texts, ...dates]) {
    const value: unknown = evidence[field]
    if (value === undefined) continue
    if (typeof value !== 'string') throw refuse(field, 'is not text')
    if (value.length > longestText) throw refuse(field, `has more than ${longestText} characters`)
  }
  for (const field of dates) {
    const value = evidence[field]
    if (value !== undefined && (value.length !== 10 || isoDate(value) !== value))
      throw refuse(field, `is no day such as 2026-11-30: ${value.slice(0, 20)}`)
  }
  for (const file of evidence.files ?? []) {
    if (!fileKinds.has(file.kind))
      throw refuse('files', `has a kind that is not known: ${String(file.kind).slice(0, 30)}`)
    if (typeof file.reference !== 'string' || !/^[\w.:-]{1,200}$/.test(file.reference))
      throw refuse('files', 'has a reference that is none')
  }
  for (const refund of evidence.refunds ?? [])
    if (typeof refund !== 'string' || !/^[\w.:-]{1,200}$/.test(refund))
      throw refuse('refunds', 'has a reference that is none')
  guard.check(evidence)
  return evidence
}
