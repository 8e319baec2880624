import type { CompellingEvidence, EvidencePurchase } from '../../gateway/dispute-evidence.ts'
import type { Purchase } from './purchase.ts'

/** What two purchases may have in common. */
export type CommonElement = 'ip' | 'device' | 'account' | 'shipping_address'

/** A purchase of the host's history. */
export interface HistoricPurchase extends Purchase {
  /** Somebody disputed it, whatever came of that. */
  readonly disputed: boolean
}

/** Whether Compelling Evidence 3.0 can be shown. */
export type CompellingFinding =
  | {
      readonly eligible: true
      readonly evidence: CompellingEvidence
      /** What all three purchases have in common. */
      readonly elements: readonly CommonElement[]
    }
  | {
      readonly eligible: false
      readonly reason:
        | 'not_visa_fraud'
        | 'purchase_unknown'
        | 'no_device_or_ip'
        | 'too_few_purchases'
        | 'too_few_common_elements'
      /** In a sentence, for people. */
      readonly text: string
    }

const day = 86_400_000
const youngest = 119
const oldest = 366
const shortestDeviceId = 15
const shortestFingerprint = 20

const texts = {
  not_visa_fraud: 'It holds for Visa’s code 10.4 alone.',
  purchase_unknown: 'Nothing is remembered of the disputed purchase.',
  no_device_or_ip: 'Neither the address of the network nor the device of the disputed purchase is known.',
  too_few_purchases: 'There are not two undisputed purchases by the same card, 120 to 365 days old.',
  too_few_common_elements: 'No two older purchases share two elements with it, one of them address or device.',
}

/**
 * Looks for two purchases by the same card that show the disputed one as the owner's own: older than 119 and younger than 366
 * days at the dispute, never disputed, with two elements that are the same in all three, one of them the network's address or
 * the device (docs.stripe.com/disputes/api/visa-ce3, Visa's Compelling Evidence 3.0). A device is known by an identifier of 15
 * characters or more, or a fingerprint of 20 or more. Of several pairs the one with most in common is taken, then the latest.
 *
 * @example
 * ```ts
 * import { findCompellingEvidence } from '@exprsn/payments/dispute'
 *
 * const day = 86_400_000
 * const now = Date.UTC(2026, 10, 1)
 * const buy = (charge: string, days: number) => ({
 *   payment: charge, charge, at: new Date(now - days * day), credential: 'card-7', ip: '203.0.113.7', accountId: 'u-1', disputed: false,
 * })
 * const finding = findCompellingEvidence({
 *   network: 'visa', networkReason: '10.4', openedAt: new Date(now), disputed: buy('ch_3', 20),
 *   history: [buy('ch_1', 300), buy('ch_2', 200)],
 * })
 * console.log(finding.eligible && finding.elements) // [ 'ip', 'account' ]
 * ```
 */
export function findCompellingEvidence({
  network,
  networkReason,
  openedAt,
  disputed,
  history,
}: {
  readonly network: string | undefined
  readonly networkReason: string | undefined
  readonly openedAt: Date
  /** What is remembered of the disputed purchase. */
  readonly disputed: Purchase | undefined
  /** The host's own, by any card; the disputed one may be among them. */
  readonly history: readonly HistoricPurchase[]
}): CompellingFinding {
  const none = (reason: keyof typeof texts): CompellingFinding => ({ eligible: false, reason, text: texts[reason] })
  if (network !== 'visa' || networkReason !== '10.4') return none('not_visa_fraud')
  if (disputed === undefined) return none('purchase_unknown')
  const own = elementsOf(disputed)
  if (!own.has('ip') && !own.has('device')) return none('no_device_or_ip')
  const priors = history
    .filter((each) => each.payment !== disputed.payment && each.credential === disputed.credential && !each.disputed)
    .filter(({ at }) => isOfAge(openedAt.getTime() - at.getTime()))
    .toSorted((a, b) => b.at.getTime() - a.at.getTime() || (a.payment < b.payment ? -1 : 1))
  if (priors.length < 2) return none('too_few_purchases')
  const best = bestPair(own, priors)
  if (best === undefined) return none('too_few_common_elements')
  const { pair, elements } = best
  const evidence: CompellingEvidence = {
    disputed: evidenceOf(disputed),
    kind: disputed.kind ?? 'merchandise',
    priors: pair.map(evidenceOf),
  }
  return { eligible: true, evidence, elements }
}

function isOfAge(age: number): boolean {
  return age > youngest * day && age < oldest * day
}

type Elements = ReadonlyMap<CommonElement, string>

/** What can be compared, with the spelling that does not matter taken away. */
function elementsOf({ ip, deviceId, deviceFingerprint, accountId, shippingAddress }: Purchase): Elements {
  const found = new Map<CommonElement, string>()
  if (ip) found.set('ip', ip.trim().toLowerCase())
  if ((deviceFingerprint ?? '').length >= shortestFingerprint) found.set('device', `f:${deviceFingerprint}`)
  else if ((deviceId ?? '').length >= shortestDeviceId) found.set('device', `i:${deviceId}`)
  if (accountId) found.set('account', accountId)
  const address = (shippingAddress ?? '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
  if (address !== '') found.set('shipping_address', address)
  return found
}

/** Each set of common elements needs only its two latest purchases: no pair has to be tried. */
function bestPair(
  own: Elements,
  priors: readonly HistoricPurchase[],
): { readonly pair: readonly HistoricPurchase[]; readonly elements: readonly CommonElement[] } | undefined {
  const compared = priors.map((prior) => {
    const theirs = elementsOf(prior)
    return { prior, common: [...own].flatMap(([name, value]) => (theirs.get(name) === value ? [name] : [])) }
  })
  for (const elements of subsets([...own.keys()])) {
    const pair = compared.filter(({ common }) => elements.every((name) => common.includes(name))).slice(0, 2)
    if (pair.length === 2) return { pair: pair.map(({ prior }) => prior), elements }
  }
  return undefined
}

/** Those of two or more with address or device among them, the largest first. */
function subsets(names: readonly CommonElement[]): readonly (readonly CommonElement[])[] {
  const all = Array.from({ length: 2 ** names.length }, (_, bits) => names.filter((__, index) => (bits >> index) & 1))
  return all
    .filter((set) => set.length >= 2 && (set.includes('ip') || set.includes('device')))
    .toSorted((a, b) => b.length - a.length)
}

function evidenceOf(purchase: Purchase): EvidencePurchase {
  const { charge, ip, deviceId, deviceFingerprint, accountId, email, shippingAddress, description } = purchase
  return { charge, ip, deviceId, deviceFingerprint, accountId, email, shippingAddress, description }
}
